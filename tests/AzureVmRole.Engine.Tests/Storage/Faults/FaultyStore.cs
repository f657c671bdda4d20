using AzureVmRole.Engine.Storage;
using AzureVmRole.Engine.Storage.Publishing;
using AzureVmRole.Engine.Storage.Saving;
using AzureVmRole.Engine.Tests.Storage.Azure;
using AzureVmRole.TestKit;
using AzureVmRole.TestKit.Faults;
using Xunit;

namespace AzureVmRole.Engine.Tests.Storage.Faults;

/// <summary>A container of a real Azurite behind a proxy of its own, a folder for journals and files, and what was said.</summary>
internal sealed class FaultyStore : IAsyncDisposable
{
    private readonly AzuriteServer _server;
    private readonly string _container;
    private readonly TemporaryFolder _folder = new();

    private FaultyStore(AzuriteServer server)
    {
        _server = server;
        _container = $"faults-{Guid.NewGuid():N}";
        Proxy = FaultProxy.Start(server.Host);
    }

    public FaultProxy Proxy { get; }

    public RecordedLog Log { get; } = new();

    /// <summary>What is given beside the address; the well-known key is found without.</summary>
    public StoreConnection Connection => new() { NumberOfThreads = 4, Log = Log, RetryTimes = AzureTestStores.Quick };

    public string UploadsPath => _folder.File("uploads");

    public static async Task<FaultyStore> StartAsync(AzuriteFixture fixture)
    {
        var store = new FaultyStore(await fixture.StartAsync());
        await BlobView.CreateContainerAsync(store.Direct(""), Token);
        return store;
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A blob's address by way of the proxy, without a signature.</summary>
    public string Address(string blob = "disk.vhd") => Proxy.Through(Direct(blob)).AbsoluteUri;

    /// <summary>A blob's address at Azurite itself.</summary>
    public Uri Direct(string blob = "disk.vhd") => new($"{_server.Endpoint}/{_container}/{blob}".TrimEnd('/'));

    public string File(string name) => _folder.File(name);

    public Task<BlobView?> LookAsync(string blob = "disk.vhd") => BlobView.ReadAsync(Direct(blob), Token);

    public PublishOptions ToPublish(string source, string blob = "disk.vhd") => new()
    {
        SourcePath = source,
        Destination = Address(blob),
        SkipReadinessTest = true,
        Connection = Connection,
        UploadsPath = UploadsPath,
    };

    public Task<PublishedVhd> PublishAsync(string source, string blob = "disk.vhd") =>
        DiskPublication.PublishAsync(ToPublish(source, blob), progress: null, Token);

    public Task<BaseVhd> SaveAsync(string target, string blob = "disk.vhd") => DiskSave.SaveAsync(
        new SaveOptions { Source = Address(blob), DestinationPath = target, Overwrite = true, Connection = Connection }, progress: null, Token);

    /// <summary>A blob that passes for a disk is one: it holds exactly this content.</summary>
    public async Task AssertNothingCorruptIsADiskAsync(byte[] content, string blob = "disk.vhd")
    {
        BlobView? view = await LookAsync(blob);
        if (view is not null && (view.HasValidFooter || view.State == BlobMetadata.Complete))
        {
            Assert.True(view.Disk.SequenceEqual(content), $"{blob} has a valid footer ({view.HasValidFooter}, {view.State}) and the wrong content.");
        }
    }

    /// <summary>The blob is the whole disk, says so, and nobody holds it.</summary>
    public async Task AssertCompleteAsync(byte[] content, string blob = "disk.vhd")
    {
        BlobView? view = await LookAsync(blob);
        Assert.NotNull(view);
        Assert.True(view.HasValidFooter, "The footer is not valid.");
        Assert.Equal((BlobMetadata.Complete, "available"), (view.State, view.LeaseState));
        Assert.True(view.Disk.SequenceEqual(content), "The content is another.");
    }

    public async ValueTask DisposeAsync()
    {
        await Proxy.DisposeAsync();
        _folder.Dispose();
        Assert.Empty(Proxy.Failures);
    }
}
