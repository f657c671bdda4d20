using AzureVmRole.Engine.Cleanup;
using AzureVmRole.Engine.Storage;
using Xunit;

namespace AzureVmRole.Engine.Tests.Cleanup;

public sealed class OrphanSearchTests : IAsyncDisposable
{
    private readonly CleanupWorld _world = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact(Timeout = 60_000)]
    public async Task Find_Store_EachPageBlobWithItsReason()
    {
        await _world.AddDiskAsync("base.vhd", "base");
        await _world.AddDiskAsync("middle.vhd", "middle", "base");
        BlobName used = await _world.AddDiskAsync("used.vhd", "used", "middle");
        await _world.AddDiskAsync("unusedbase.vhd", "unusedbase");
        await _world.AddDiskAsync("unused.vhd", "unused", "unusedbase");
        BlobName referenced = await _world.AddAsync("referenced.vhd");
        BlobName snapped = await _world.AddAsync("snapped.vhd");
        await _world.AddAsync("vm.vhd", ("MicrosoftAzureCompute_VMName", "web01"));
        await _world.AddAsync("holder.vhd", (BlobMetadata.LeaseHolder, "backup job 7"));
        await _world.AddAsync("half.vhd", (BlobMetadata.State, BlobMetadata.Uploading));
        await _world.AddAsync("notes.txt");
        await _world.LeaseAsync(used);
        await _world.Store.CreateSnapshotAsync(snapped, default, Token);
        _world.Refer(referenced);
        _world.Age();
        await _world.AddAsync("young.vhd");
        await _world.AddAsync("younghalf.vhd", (BlobMetadata.State, BlobMetadata.Uploading));

        List<OrphanVhd> found = await _world.SearchAsync();

        Assert.Equal(
            [
                ("base.vhd", RetentionCode.ParentInUse), ("half.vhd", RetentionCode.AbandonedUpload), ("holder.vhd", RetentionCode.HolderNoted),
                ("middle.vhd", RetentionCode.ParentInUse), ("referenced.vhd", RetentionCode.Referenced), ("snapped.vhd", RetentionCode.HasSnapshots),
                ("unused.vhd", RetentionCode.Unreferenced), ("unusedbase.vhd", RetentionCode.Unreferenced), ("used.vhd", RetentionCode.Leased),
                ("vm.vhd", RetentionCode.AttachedDisk), ("young.vhd", RetentionCode.TooYoung), ("younghalf.vhd", RetentionCode.Uploading),
            ],
            found.Select(item => (item.Name["vhds/".Length..], item.Reasons[0].Code)));
        Assert.Equal("virtual machine 'web01'", found.Single(item => item.Name == "vhds/vm.vhd").LastReference);
        Assert.Equal(1, found.Single(item => item.Name == "vhds/snapped.vhd").SnapshotCount);
    }

    [Fact(Timeout = 60_000)]
    public async Task Find_Report_SizesCostAndAge()
    {
        BlobName name = CleanupWorld.Name("a.vhd");
        await _world.Store.CreateContainerAsync(name.Container, Token);
        await _world.Store.CreateAsync(name, (3L << 30) + 512, CleanupWorld.Map(), default, Token);
        _world.Age(10);

        OrphanVhd item = Assert.Single(await _world.SearchAsync(options: new OrphanSearchOptions { PricePerGiB = 0.05m }));

        Assert.Equal((3L << 30, (3L << 30) + 512, 0.15m, TimeSpan.FromDays(10)), (item.Size, item.Length, item.MonthlyCost, item.Age));
        Assert.Equal((await _world.FindAsync(name)).ETag, item.ETag);
        Assert.Equal((true, 1L, 1L), (item.Listing.IsComplete, item.Listing.VhdCount, item.Listing.BlobCount));
    }

    [Fact(Timeout = 60_000)]
    public async Task Find_OneContainer_UsesElsewhereCount()
    {
        await _world.AddDiskAsync("base.vhd", "base");
        var other = new BlobName("other", "child.vhd");
        await _world.Store.CreateContainerAsync("other", Token);
        await _world.Store.CreateAsync(other, 512, CleanupWorld.Map((BlobMetadata.BaseIdentifier, "base")), default, Token);
        await _world.LeaseAsync(other);
        _world.Age();

        OrphanVhd item = Assert.Single(await _world.SearchAsync(container: CleanupWorld.Container));

        Assert.Equal(RetentionCode.ParentInUse, item.Reasons[0].Code);
    }

    [Fact(Timeout = 60_000)]
    public async Task Find_SnapshotOfADifference_KeepsTheBase()
    {
        await _world.AddDiskAsync("base.vhd", "base");
        BlobName child = await _world.AddDiskAsync("child.vhd", "child", "base");
        await _world.Store.CreateSnapshotAsync(child, default, Token);
        await _world.Store.SetMetadataAsync(child, CleanupWorld.Map(), default, Token);
        _world.Age();

        Assert.All(await _world.SearchAsync(), item => Assert.False(item.IsOrphan));
    }

    [Fact(Timeout = 60_000)]
    public async Task Find_ListingCutAnywhere_IncompleteAndNothingRemovable()
    {
        for (int number = 0; number < 5; number++)
        {
            await _world.AddAsync($"{number}.vhd");
        }

        _world.Age();
        var counting = new InterruptedStore(_world.Store, _ => Task.CompletedTask);
        await _world.SearchAsync(counting);
        for (int cut = 0; cut < counting.CallCount; cut++)
        {
            List<OrphanVhd> found = [];
            TransferException exception = await Assert.ThrowsAsync<TransferException>(() => CollectAsync(CutAt(cut), found));

            Assert.Equal((ErrorCode.ListingIncomplete, 403), (exception.Code, exception.Status));
            Assert.All(found, item => Assert.False(item.Listing.IsComplete));
            if (found.Count > 0)
            {
                TransferException refused = await Assert.ThrowsAsync<TransferException>(() => _world.RemoveAsync(found));
                Assert.Equal(ErrorCode.ListingIncomplete, refused.Code);
            }
        }

        Assert.Equal(5, (await _world.SearchAsync()).Count);
    }

    [Fact(Timeout = 60_000)]
    public async Task Find_StoppedEarly_NothingRemovable()
    {
        await _world.AddAsync("a.vhd");
        await _world.AddAsync("b.vhd");
        _world.Age();
        OrphanVhd? first = null;
        await foreach (OrphanVhd item in OrphanSearch.FindAsync(
            _world.Store, null, _world.Referrers(), new OrphanSearchOptions(), _world.Clock, null, Token))
        {
            first = item;
            break;
        }

        TransferException exception = await Assert.ThrowsAsync<TransferException>(() => _world.RemoveAsync([first!]));

        Assert.Equal(ErrorCode.ListingIncomplete, exception.Code);
    }

    [Fact(Timeout = 60_000)]
    public async Task Find_ReferrerCannotAnswer_Fails()
    {
        await _world.AddAsync("a.vhd");
        _world.Age();
        File.Delete(_world.ReferencePath);

        CatalogueException exception = await Assert.ThrowsAsync<CatalogueException>(() => _world.SearchAsync());

        Assert.Equal(ErrorCode.ReferenceFileInvalid, exception.Code);
    }

    [Fact(Timeout = 60_000)]
    public async Task Find_ClockOfThisMachineAhead_AgeByTheService()
    {
        await _world.AddAsync("a.vhd");
        DateTimeOffset made = _world.Clock.GetUtcNow();
        _world.Age(400);
        var store = new InterruptedStore(_world.Store, _ => Task.CompletedTask) { ServiceTime = made.AddDays(1) };

        OrphanVhd item = Assert.Single(await _world.SearchAsync(store));

        Assert.Equal((RetentionCode.TooYoung, TimeSpan.FromDays(1)), (item.Reasons[0].Code, item.Age));
    }

    [Fact(Timeout = 60_000)]
    public async Task Find_PlanPath_PlanOfTheOrphansAtTheEnd()
    {
        await _world.AddAsync("a.vhd");
        await _world.AddAsync("b.vhd", (BlobMetadata.Protect, "golden"));
        _world.Age();

        await _world.SearchAsync(options: new OrphanSearchOptions { PlanPath = _world.PlanPath });

        var plan = OrphanPlan.Read(_world.PlanPath);
        Assert.Equal("vhds/a.vhd", Assert.Single(plan.Items).Name);
        Assert.Equal(2, plan.Listing.VhdCount);
        Assert.Equal([_world.ReferencePath], plan.Listing.ReferencePaths);
    }

    [Fact(Timeout = 60_000)]
    public async Task Find_PlanPathAndListingCut_NoPlan()
    {
        await _world.AddAsync("a.vhd");
        await Assert.ThrowsAsync<TransferException>(
            () => _world.SearchAsync(CutAt(3), new OrphanSearchOptions { PlanPath = _world.PlanPath }));

        Assert.False(File.Exists(_world.PlanPath));
    }

    private InterruptedStore CutAt(int number) => new(_world.Store, call => call.Number < number
        ? Task.CompletedTask
        : throw new TransferException(ErrorCode.AuthorizationFailed, "vhds", "You may not list 'vhds'.") { Status = 403 });

    private async Task CollectAsync(IBlobStore store, List<OrphanVhd> found)
    {
        await foreach (OrphanVhd item in OrphanSearch.FindAsync(
            store, null, _world.Referrers(), new OrphanSearchOptions(), _world.Clock, null, Token))
        {
            found.Add(item);
        }
    }
}
