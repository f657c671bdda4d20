using System.Net;
using Azure;
using Azure.ResourceManager.Compute;
using Azure.ResourceManager.Compute.Models;
using Azure.ResourceManager.Resources;
using AzureVmRole.Engine.Cleanup;
using AzureVmRole.Engine.Compute.Connecting;
using AzureVmRole.Engine.Tests.Compute;
using Xunit;

namespace AzureVmRole.Engine.Tests.Cleanup;

/// <summary>What a fabric or a subscription uses is no orphan, wherever it is; and silence is never "nothing uses it".</summary>
public sealed class FabricReferrerTests(FabricReferrerTests.SharedServer shared) : IClassFixture<FabricReferrerTests.SharedServer>
{
    private const string NoPage = "{\"error\":{\"code\":\"AuthorizationFailed\",\"message\":\"No.\"}}";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string, HttpStatusCode, string, bool> Failures
    {
        get
        {
            var failures = new TheoryData<string, HttpStatusCode, string, bool>();
            foreach (string type in (string[])["images", "disks", "snapshots", "virtualMachines"])
            {
                foreach (bool asAzure in (bool[])[false, true])
                {
                    failures.Add(type, HttpStatusCode.Forbidden, NoPage, asAzure);
                    failures.Add(type, HttpStatusCode.OK, "{}", asAzure);
                    failures.Add(type, HttpStatusCode.OK, "{\"value\":[", asAzure);
                    failures.Add(type, HttpStatusCode.OK, "<html>A proxy</html>", asAzure);
                    failures.Add(type, HttpStatusCode.NoContent, "", asAzure);
                }
            }

            return failures;
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task Find_EveryKindOfResourceInEveryPlace_KeepsItsVhd()
    {
        await using FabricServer server = await FabricServer.StartAsync(Stop);
        using FabricConnection connection = await server.ConnectAsync(Stop);
        await server.AddInstancesAsync(connection, Stop, "web1");
        VMDisk disk = await server.AddDiskAsync(connection, "free1", "local1", Stop);
        await server.AddDiskAsync(connection, "free2", "local2", Stop);
        await connection.Subscription().GetResourceGroups().CreateOrUpdateAsync(WaitUntil.Completed, "other", new ResourceGroupData("local1"), Stop);
        var snapshot = new SnapshotData("local1") { CreationData = new DiskCreationData(DiskCreateOption.Copy) { SourceResourceId = new(disk.Id) } };
        await connection.Group("other").GetSnapshots().CreateOrUpdateAsync(WaitUntil.Completed, "snap1", snapshot, Stop);
        await server.AddVhdAsync("vhds/nobody.vhd", "local1", Stop);
        await server.AddVhdAsync("vhds/nobody.vhd", "local2", Stop);

        foreach ((string location, int count) in ((string, int)[])[("local1", 5), ("local2", 2)])
        {
            List<OrphanVhd> found = await CleanupWorld.ToListAsync(Search(server, location, []));
            Assert.Equal(count, found.Count);
            Assert.Equal("vhds/nobody.vhd", Assert.Single(found, item => item.IsOrphan).Name);
        }
    }

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(Failures))]
    public async Task Refresh_ListingFails_NothingIsKnown(string type, HttpStatusCode status, string body, bool asAzure)
    {
        using FabricConnection connection = shared.Server.Connect(inner => new EdgeHandler(inner, request => Task.FromResult(
            request.RequestUri!.AbsolutePath.EndsWith("/Microsoft.Compute/" + type, StringComparison.OrdinalIgnoreCase) ? EdgeHandler.Json(status, body) : null)), asAzure);
        var referrer = new FabricReferrer(connection);

        await Assert.ThrowsAnyAsync<AzureVmRoleException>(() => referrer.RefreshAsync(Stop));

        Assert.Throws<CatalogueException>(() => referrer.Find(Blobs.Old("vhds/a.vhd"), new Uri("file:///a/vhds/a.vhd")));
    }

    [Fact(Timeout = 120_000)]
    public async Task Find_SecondPageFails_SearchFails()
    {
        await using FabricServer server = await FabricServer.StartAsync(Stop);
        await server.AddVhdAsync("vhds/a.vhd", "local1", Stop);
        using FabricConnection connection = server.Connect(inner => new EdgeHandler(inner, request => Task.FromResult(
            !request.RequestUri!.AbsolutePath.EndsWith("/Microsoft.Compute/disks", StringComparison.OrdinalIgnoreCase) ? null
            : request.RequestUri.Query.Contains("page2", StringComparison.Ordinal) ? EdgeHandler.Json(HttpStatusCode.Forbidden, NoPage)
            : EdgeHandler.Json(HttpStatusCode.OK, $"{{\"value\":[],\"nextLink\":\"{request.RequestUri.GetLeftPart(UriPartial.Path)}?api-version=1&page2\"}}"))));

        FabricException failure = await Assert.ThrowsAsync<FabricException>(() => CleanupWorld.ToListAsync(Search(server, "local1", [connection])));

        Assert.Equal(ErrorCode.AuthorizationFailed, failure.Code);
    }

    [Fact(Timeout = 120_000)]
    public async Task Find_FabricOfTheStoreHasStopped_SearchFails()
    {
        await using FabricServer server = await FabricServer.StartAsync(Stop);
        await server.AddVhdAsync("vhds/a.vhd", "local1", Stop);
        await server.KillAsync(Stop);

        FabricException failure = await Assert.ThrowsAsync<FabricException>(() => CleanupWorld.ToListAsync(Search(server, "local1", [])));

        Assert.Equal(ErrorCode.FabricUnreachable, failure.Code);
    }

    [Fact(Timeout = 120_000)]
    public async Task Find_FabricRunsWithoutTheLocationOfTheStore_SearchFails()
    {
        await using FabricServer server = await FabricServer.StartAsync(Stop);
        await server.AddVhdAsync("vhds/nobody.vhd", "local1", Stop);
        await server.RestartAsync(Stop, "--locations", "west,local2");

        foreach (bool isConnected in (bool[])[false, true])
        {
            using FabricConnection again = await server.ConnectAsync(Stop);
            FabricException failure = await Assert.ThrowsAsync<FabricException>(
                () => CleanupWorld.ToListAsync(Search(server, "local1", isConnected ? [again] : [])));

            Assert.Equal(ErrorCode.ListingIncomplete, failure.Code);
            Assert.EndsWith("-Location west,local2,local1.", failure.RecommendedAction);
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task Find_StoreIsALinkToAnotherVolume_FabricIsAsked()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege there.");
        await using FabricServer server = await FabricServer.StartAsync(Stop);
        await server.AddVhdAsync("vhds/a.vhd", "local1", Stop);
        await server.KillAsync(Stop);
        string store = server.Store("local1").FolderPath!;
        Directory.Move(store, Path.Combine(server.HomePath, "volume"));
        Directory.CreateSymbolicLink(store, Path.Combine(server.HomePath, "volume"));

        FabricException failure = await Assert.ThrowsAsync<FabricException>(() => CleanupWorld.ToListAsync(Search(server, "local1", [])));

        Assert.Equal(ErrorCode.FabricUnreachable, failure.Code);
    }

    [Theory(Timeout = 120_000)]
    [InlineData("https://contoso.blob.core.windows.net/vhds/os.vhd", true)]
    [InlineData("https://contoso-secondary.blob.core.windows.net/vhds/os.vhd", true)]
    [InlineData("https://contoso.z1.blob.storage.azure.net/vhds/data.vhd", true)]
    [InlineData("https://contoso.blob.core.windows.net/vhds/image.vhd", true)]
    [InlineData("https://contoso.blob.core.windows.net/vhds/imported.vhd", true)]
    [InlineData("https://contoso.blob.core.windows.net/vhds/nobody.vhd", false)]
    [InlineData("https://fabrikam.blob.core.windows.net/vhds/os.vhd", false)]
    public async Task Find_ResourcesOfAzure_KeepTheVhdsThatTheyName(string blob, bool isKept)
    {
        using FabricConnection connection = shared.Server.Connect(inner => new EdgeHandler(inner, AnswerAsAzure), asAzure: true);
        var referrer = new FabricReferrer(connection);

        await referrer.RefreshAsync(Stop);

        Assert.Equal(isKept, referrer.Find(Blobs.Old("vhds/a.vhd"), new Uri(blob)) is not null);
    }

    private static Task<HttpResponseMessage?> AnswerAsAzure(HttpRequestMessage request)
    {
        const string Account = "https://contoso.blob.core.windows.net/vhds/";
        string path = request.RequestUri!.AbsolutePath;
        string type = path[(path.LastIndexOf('/') + 1)..];
        string id = $"/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/{type}/one";
        string? properties = type.ToUpperInvariant() switch
        {
            "IMAGES" => $$$$$"""{"storageProfile":{"osDisk":{"osType":"Linux","osState":"Generalized","blobUri":"{{{{{Account}}}}}image.vhd"}}}""",
            "DISKS" => $$$$$"""{"creationData":{"createOption":"Import","sourceUri":"{{{{{Account}}}}}imported.vhd?sv=secret"}}""",
            "SNAPSHOTS" => """{"creationData":{"createOption":"Copy"}}""",
            "VIRTUALMACHINES" => $$$$$"""{"storageProfile":{"osDisk":{"createOption":"Attach","vhd":{"uri":"{{{{{Account}}}}}os.vhd"}},"dataDisks":[{"lun":0,"createOption":"Attach","vhd":{"uri":"{{{{{Account}}}}}data.vhd"}}]}}""",
            _ => null,
        };
        return Task.FromResult(properties is null ? null : EdgeHandler.Json(
            HttpStatusCode.OK, $"{{\"value\":[{{\"id\":\"{id}\",\"name\":\"one\",\"type\":\"Microsoft.Compute/{type}\",\"location\":\"westeurope\",\"properties\":{properties}}}]}}"));
    }

    private static IAsyncEnumerable<OrphanVhd> Search(FabricServer server, string location, IReadOnlyList<FabricConnection> fabrics) => OrphanSearch.FindAsync(
        new OrphanSearchOptions { Connection = server.Store(location), MinimumAge = TimeSpan.Zero, Fabrics = fabrics }, null, Stop);

    /// <summary>One fabric for the tests that only read.</summary>
    public sealed class SharedServer : IAsyncLifetime
    {
        internal FabricServer Server { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Server = await FabricServer.StartAsync(CancellationToken.None);

        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }
}
