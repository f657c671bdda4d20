using System.Text.RegularExpressions;
using AzureVmRole.Engine.Cleanup;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Engine.Tests.Cleanup;

public sealed class OrphanPlanTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string PlanPath => _folder.File("plan.json");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 30_000)]
    public async Task Read_WhatWasWritten_TheSame()
    {
        SearchListing listing = Listing();
        OrphanVhd orphan = Item(listing, "vhds/a.vhd", RetentionCode.Unreferenced) with { MonthlyCost = 1.5m, LastReference = "virtual machine 'x'" };
        OrphanVhd leased = Item(listing, "vhds/b.vhd", RetentionCode.Leased) with
        {
            LeaseState = BlobLeaseState.Leased, LeaseIsInfinite = true, LeaseHolder = "x",
        };
        await OrphanPlan.WriteAsync(PlanPath, overwrite: false, [orphan, leased, Item(listing, "vhds/c.vhd", RetentionCode.Protected)], Token);

        var plan = OrphanPlan.Read(PlanPath);

        Assert.Equal((listing.Store, listing.MadeOn, 10L, 20L, true), (plan.Listing.Store, plan.Listing.MadeOn, plan.Listing.VhdCount, plan.Listing.BlobCount, plan.Listing.IsComplete));
        Assert.Equal(["/srv/in-use.txt"], plan.Listing.ReferencePaths, StringComparer.Ordinal);
        Assert.Equal([orphan, leased], plan.Items.Select(item => item with { Listing = listing, Reasons = item.Name == orphan.Name ? orphan.Reasons : leased.Reasons }));
        Assert.Equal([orphan.Reasons[0], leased.Reasons[0]], plan.Items.Select(item => item.Reasons[0]));
    }

    [Fact(Timeout = 30_000)]
    public async Task Write_SearchIncomplete_RefusedAndNothingWritten()
    {
        var listing = new SearchListing(new Uri("file:///srv/store/"), null, Blobs.Now) { Paths = [], TotalCount = 1 };

        TransferException exception = await Assert.ThrowsAsync<TransferException>(
            () => OrphanPlan.WriteAsync(PlanPath, overwrite: false, [Item(listing, "vhds/a.vhd", RetentionCode.Unreferenced)], Token));

        Assert.Equal(ErrorCode.ListingIncomplete, exception.Code);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact(Timeout = 30_000)]
    public async Task Write_TwoSearches_Refused()
    {
        CatalogueException exception = await Assert.ThrowsAsync<CatalogueException>(() => OrphanPlan.WriteAsync(
            PlanPath, overwrite: false,
            [Item(Listing(), "vhds/a.vhd", RetentionCode.Unreferenced), Item(Listing(), "vhds/b.vhd", RetentionCode.Unreferenced)], Token));

        Assert.Equal(ErrorCode.RemovalPlanInvalid, exception.Code);
    }

    [Fact(Timeout = 30_000)]
    public async Task Write_TargetExists_OnlyOverwritten()
    {
        OrphanVhd[] items = [Item(Listing(), "vhds/a.vhd", RetentionCode.Unreferenced)];
        await File.WriteAllTextAsync(PlanPath, "mine", Token);

        DiskOperationException exception = await Assert.ThrowsAsync<DiskOperationException>(() => OrphanPlan.WriteAsync(PlanPath, overwrite: false, items, Token));
        Assert.Equal(ErrorCode.TargetExists, exception.Code);
        Assert.Equal("mine", await File.ReadAllTextAsync(PlanPath, Token));

        await OrphanPlan.WriteAsync(PlanPath, overwrite: true, items, Token);
        Assert.Single(OrphanPlan.Read(PlanPath).Items);
    }

    [Fact(Timeout = 60_000)]
    public async Task Read_CutAnywhere_Refused()
    {
        await WriteAsync();
        string text = (await File.ReadAllTextAsync(PlanPath, Token)).TrimEnd();
        for (int length = 0; length < text.Length; length += 7)
        {
            await File.WriteAllTextAsync(PlanPath, text[..length], Token);

            Assert.Equal(ErrorCode.RemovalPlanInvalid, Assert.Throws<CatalogueException>(() => OrphanPlan.Read(PlanPath)).Code);
        }
    }

    [Theory(Timeout = 30_000)]
    [InlineData("\"version\": 1", "\"version\": 2", "version")]
    [InlineData("AzureVmRole removal plan", "shopping list", "format")]
    [InlineData("\"isComplete\": true", "\"isComplete\": false", "isComplete")]
    [InlineData("\"store\": \"file:///srv/store/\"", "\"store\": \"https://a.blob.core.windows.net/?sig=x\"", "store")]
    [InlineData("\"vhdCount\": 10", "\"vhdCount\": 1", "vhdCount")]
    [InlineData("\"vhdCount\": 10", "\"vhdCount\": \"ten\"", "$.vhdCount, line 12")]
    [InlineData("\"/srv/in-use.txt\"", "\"in-use.txt\"", "referencePaths")]
    [InlineData("\"name\": \"vhds/b.vhd\"", "\"name\": \"vhds/a.vhd\"", "items[1].name")]
    [InlineData("\"name\": \"vhds/b.vhd\"", "\"name\": \"other/b.vhd\"", "items[1].name")]
    [InlineData("\"name\": \"vhds/b.vhd\"", "\"name\": \"vhds/b.txt\"", "items[1].name")]
    [InlineData("\"name\": \"vhds/b.vhd\"", "\"nome\": \"vhds/b.vhd\"", "$.items[1]")]
    [InlineData("\"name\": \"vhds/b.vhd\"", "\"name\": null", "$.items[1].name")]
    [InlineData("file:///srv/store/vhds/b.vhd", "file:///srv/store/vhds/c.vhd", "items[1].uri")]
    [InlineData("file:///srv/store/vhds/b.vhd", "file:///srv/other/vhds/b.vhd", "items[1].uri")]
    [InlineData("\"eTag\": \"etag of vhds/b.vhd\"", "\"eTag\": \"\"", "items[1].eTag")]
    [InlineData("\"length\": 512", "\"length\": -1", "items[0].length")]
    [InlineData("\"code\": \"Unreferenced\"", "\"code\": \"Protected\"", "items[0].reasons")]
    [InlineData("\"code\": \"Unreferenced\"", "\"code\": \"Whatever\"", "$.items[0].reasons[0].code")]
    [InlineData("\"container\": \"vhds\"", "\"container\": \"vhds\", \"container\": \"vhds\"", "$")]
    public async Task Read_EditedToNonsense_NamesTheField(string found, string replacement, string field)
    {
        await WriteAsync();
        string text = await File.ReadAllTextAsync(PlanPath, Token);
        Assert.Contains(found, text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(PlanPath, new Regex(Regex.Escape(found), RegexOptions.None, TimeSpan.FromSeconds(5)).Replace(text, replacement, 1), Token);

        CatalogueException exception = Assert.Throws<CatalogueException>(() => OrphanPlan.Read(PlanPath));

        Assert.Equal((ErrorCode.RemovalPlanInvalid, (object)PlanPath), (exception.Code, exception.Target));
        Assert.Contains(field, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NoFile_FileNotFound() =>
        Assert.Equal(ErrorCode.FileNotFound, Assert.Throws<DiskOperationException>(() => OrphanPlan.Read(PlanPath)).Code);

    private Task WriteAsync()
    {
        SearchListing listing = Listing();
        OrphanVhd[] items = [Item(listing, "vhds/a.vhd", RetentionCode.Unreferenced), Item(listing, "vhds/b.vhd", RetentionCode.AbandonedUpload)];
        return OrphanPlan.WriteAsync(PlanPath, overwrite: false, items, Token);
    }

    private static SearchListing Listing()
    {
        var listing = new SearchListing(new Uri("file:///srv/store/"), null, Blobs.Now) { Paths = ["/srv/in-use.txt"], TotalCount = 20 };
        for (int count = 0; count < 10; count++)
        {
            listing.Count();
        }

        listing.Complete();
        return listing;
    }

    private static OrphanVhd Item(OrphanListing listing, string name, RetentionCode code) => new()
    {
        Name = name,
        Container = "vhds",
        Uri = new Uri("file:///srv/store/" + name),
        Reasons = [new RetentionReason(code, "Because.")],
        Length = 512,
        Age = TimeSpan.FromDays(30),
        LastModified = Blobs.Now.AddDays(-30),
        ETag = "etag of " + name,
        Listing = listing,
    };
}
