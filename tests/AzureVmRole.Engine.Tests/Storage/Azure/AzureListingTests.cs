using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;
using AzureVmRole.Engine.Storage;
using AzureVmRole.Engine.Storage.Azure;
using AzureVmRole.TestKit;
using AzureVmRole.TestKit.Faults;
using Xunit;

namespace AzureVmRole.Engine.Tests.Storage.Azure;

/// <summary>What only a service has: tags, other kinds of blobs, soft delete.</summary>
public sealed class AzureListingTests(AzuriteFixture azurite)
{
    private readonly BlobName _blob = new("t" + Guid.NewGuid().ToString("N"), "disk.vhd");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task List_Tags_AreRead()
    {
        AzuriteServer server = await azurite.StartAsync();
        await using AzureBlobStore store = await MakeAsync(server.Host, new RecordedLog());

        BlobProperties listed = await FirstAsync(store);
        BlobProperties? found = await store.FindAsync(_blob, null, Token);

        Assert.Equal(("yes", false), (listed.Tags[BlobMetadata.Protect], listed.AreTagsUnread));
        Assert.Equal(("yes", false), (found?.Tags[BlobMetadata.Protect], found?.AreTagsUnread));
    }

    [Fact(Timeout = 60_000)]
    public async Task List_TagsRefused_MarkedAndWarnedOnce()
    {
        AzuriteServer server = await azurite.StartAsync();
        var log = new RecordedLog();
        await using var proxy = FaultProxy.Start(server.Host);
        var refused = new Fault { Answer = new InjectedAnswer(403, "AuthorizationPermissionMismatch") };
        proxy.Add(new FaultRule { Comp = "list", Fault = refused });
        proxy.Add(new FaultRule { Comp = "tags", Fault = refused });
        await using AzureBlobStore store = await MakeAsync(proxy.Address, log);

        BlobProperties first = await FirstAsync(store);
        BlobProperties again = await FirstAsync(store);
        BlobProperties? found = await store.FindAsync(_blob, null, Token);

        Assert.Equal((true, true, true), (first.AreTagsUnread, again.AreTagsUnread, found?.AreTagsUnread));
        Assert.Contains("tags", Assert.Single(log.Warnings), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Find_BlockBlob_SaysItsKindAndTakesNoPages()
    {
        AzuriteServer server = await azurite.StartAsync();
        await using AzureBlobStore store = AzureTestStores.Open(server.Host);
        await store.CreateContainerAsync(_blob.Container, Token);
        await Client(server).UploadBlobAsync(_blob.Name, new BinaryData(new byte[1024]), Token);

        Assert.Equal((BlobKind.BlockBlob, 1024), ((await store.FindAsync(_blob, null, Token))!.Kind, (await FirstAsync(store)).Length));
        TransferException exception = await Assert.ThrowsAsync<TransferException>(() => store.WritePagesAsync(_blob, 0, new byte[512], default, Token));
        Assert.Equal(ErrorCode.BlobTypeUnsuitable, exception.Code);
    }

    [Fact(Timeout = 60_000)]
    public async Task DeleteRetention_Azurite_HasNone()
    {
        AzuriteServer server = await azurite.StartAsync();
        await using AzureBlobStore store = AzureTestStores.Open(server.Host);

        Assert.Null(await store.GetDeleteRetentionAsync(Token));
        Assert.False(store.CanCopyPages);
        Assert.True(store.IsIntegrityProtected);
    }

    private BlobContainerClient Client(AzuriteServer server) => new(server.ConnectionString, _blob.Container);

    private async Task<AzureBlobStore> MakeAsync(Uri host, RecordedLog log)
    {
        AzureBlobStore store = AzureTestStores.Open(host, new StoreConnection { Log = log });
        await store.CreateContainerAsync(_blob.Container, Token);
        await store.CreateAsync(_blob, 512, new Dictionary<string, string>(StringComparer.Ordinal), default, Token);
        await Client(await azurite.StartAsync()).GetPageBlobClient(_blob.Name)
            .SetTagsAsync(new Dictionary<string, string>(StringComparer.Ordinal) { [BlobMetadata.Protect] = "yes" }, cancellationToken: Token);
        return store;
    }

    private async Task<BlobProperties> FirstAsync(AzureBlobStore store)
    {
        List<BlobProperties> listed = [];
        await foreach (BlobProperties blob in store.ListAsync(new BlobListing { Container = _blob.Container }, Token))
        {
            listed.Add(blob);
        }

        return Assert.Single(listed);
    }
}
