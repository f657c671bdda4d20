using AzureVmRole.Engine.Storage;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Engine.Tests.Storage;

public sealed class BlobStoresTests(AzuriteFixture azurite)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task Open_EachForm_ReadsTheSameBlob()
    {
        AzuriteServer server = await azurite.StartAsync();
        var connection = new StoreConnection { ConnectionString = server.ConnectionString };
        string container = "t" + Guid.NewGuid().ToString("N");
        string etag;
        BlobCopySource signed;
        await using (OpenedBlob named = BlobStores.Open($"{container}/lab/a b.vhd", connection))
        {
            await named.Store.CreateContainerAsync(container, Token);
            etag = await named.Store.CreateAsync(named.RequireBlob(), 512, new Dictionary<string, string>(StringComparer.Ordinal), default, Token);
            signed = await named.Store.GetCopySourceAsync(named.RequireBlob(), null, null, Token);
        }

        string plain = $"{server.Endpoint}/{container}/lab/a%20b.vhd";
        (string Address, StoreConnection Connection)[] forms =
        [
            (plain, connection),
            (plain, new StoreConnection()),
            (plain, new StoreConnection { AccountKey = AzuriteServer.AccountKey }),
            (plain.Replace("127.0.0.1", "localhost", StringComparison.Ordinal), new StoreConnection()),
            (signed.Uri.AbsoluteUri, new StoreConnection { AccountKey = "AAAA" }),
            (plain, new StoreConnection { SharedAccessSignature = signed.Uri.Query }),
        ];
        foreach ((string address, StoreConnection chosen) in forms)
        {
            await using OpenedBlob opened = BlobStores.Open(address, chosen);
            Assert.Equal(etag, (await opened.Store.FindAsync(opened.RequireBlob(), null, Token))?.ETag);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Open_FolderStore_UriOfBlobFindsItAgain()
    {
        using var folder = new TemporaryFolder();
        var connection = new StoreConnection { FolderPath = folder.File("store") };
        Uri uri;
        string etag;
        await using (OpenedBlob named = BlobStores.Open("vhds/lab/50% a?b.vhd", connection, mayCreate: true))
        {
            await named.Store.CreateContainerAsync("vhds", Token);
            etag = await named.Store.CreateAsync(named.RequireBlob(), 512, new Dictionary<string, string>(StringComparer.Ordinal), default, Token);
            uri = named.Store.GetUri(named.RequireBlob());
        }

        await using OpenedBlob again = BlobStores.Open(uri.AbsoluteUri, new StoreConnection());

        Assert.Equal(new BlobName("vhds", "lab/50% a?b.vhd"), again.RequireBlob());
        Assert.Equal(etag, (await again.Store.FindAsync(again.RequireBlob(), null, Token))?.ETag);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("vhds/base.vhd")]
    public void OpenStore_FolderWithoutStore_RefusedAndNothingMade(string? address)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("typo");

        TransferException named = Assert.Throws<TransferException>(() => BlobStores.OpenStore(address, new StoreConnection { FolderPath = path }));
        TransferException addressed = Assert.Throws<TransferException>(
            () => BlobStores.OpenStore($"{new Uri(path)}/vhds/base.vhd", new StoreConnection()));

        Assert.Equal((ErrorCode.StoreUnreachable, (object)path, ErrorCode.StoreUnreachable), (named.Code, named.Target, addressed.Code));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task RequireBlob_ContainerOnly_AddressInvalid()
    {
        await using OpenedBlob opened = BlobStores.Open("https://acc.blob.core.windows.net/vhds", new StoreConnection());

        Assert.Equal(ErrorCode.AddressInvalid, Assert.Throws<TransferException>(() => opened.RequireBlob()).Code);
    }

    [Fact]
    public async Task OpenStore_NumberOfThreads_KeptExactly()
    {
        await using IBlobStore store = BlobStores.OpenStore(
            "https://acc.blob.core.windows.net", new StoreConnection { NumberOfThreads = 3 });

        Assert.Equal((3, 3), (store.Concurrency.Current, store.Concurrency.Maximum));
    }

    [Fact(Timeout = 60_000)]
    public async Task Complete_FileAddress_FoldersThenContainersThenBlobs()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("my store");
        string address = $"{new Uri(folder.Path).AbsoluteUri}/my%20store/";
        Uri blob;
        await using (IBlobStore store = BlobStores.OpenStore(null, new StoreConnection { FolderPath = path }, mayCreate: true))
        {
            await store.CreateContainerAsync("vhds", Token);
            await store.CreateContainerAsync("images", Token);
            foreach (string name in new[] { "base.vhd", "lab/50% b.vhd" })
            {
                await store.CreateAsync(new BlobName("vhds", name), 512, new Dictionary<string, string>(StringComparer.Ordinal), default, Token);
            }

            blob = store.GetUri(new BlobName("vhds", "lab/50% b.vhd"));
        }

        Directory.CreateDirectory(folder.File("my empty folder"));
        Directory.CreateDirectory(folder.File(".hidden"));
        File.WriteAllText(folder.File("my file"), "");

        Assert.Equal([$"{new Uri(folder.Path).AbsoluteUri}/my%20empty%20folder/", address], await CompleteAsync($"{new Uri(folder.Path)}/m"));
        Assert.Equal([$"{address}images/", $"{address}vhds/"], await CompleteAsync(address));
        Assert.Equal([$"{address}vhds/"], await CompleteAsync($"{address}v"));
        Assert.Equal([$"{address}vhds/base.vhd"], await CompleteAsync($"{address}vhds/b"));
        Assert.Equal([blob.AbsoluteUri], await CompleteAsync($"{address}vhds/l"));
        Assert.Empty(await CompleteAsync($"{address}missing/"));
        Assert.Empty(await CompleteAsync($"{new Uri(folder.Path)}/missing/x"));

        static Task<IReadOnlyList<string>> CompleteAsync(string typed) => BlobNames.CompleteAsync(typed, new StoreConnection(), Token);
    }

    [Fact(Timeout = 60_000)]
    public async Task Complete_ContainersThenBlobs()
    {
        AzuriteServer server = await azurite.StartAsync();
        var connection = new StoreConnection { ConnectionString = server.ConnectionString };
        string container = "t" + Guid.NewGuid().ToString("N");
        await using (IBlobStore store = BlobStores.OpenStore(null, connection, mayCreate: true))
        {
            await store.CreateContainerAsync(container, Token);
            foreach (string name in new[] { "base.vhd", "lab/b.vhd", "lab/c.vhd" })
            {
                await store.CreateAsync(new BlobName(container, name), 512, new Dictionary<string, string>(StringComparer.Ordinal), default, Token);
            }
        }

        Assert.Equal([$"{container}/"], await BlobNames.CompleteAsync(container[..20], connection, Token));
        Assert.Equal([$"{container}/lab/b.vhd", $"{container}/lab/c.vhd"], await BlobNames.CompleteAsync($"{container}/la", connection, Token));
        Assert.Equal([$"{server.Endpoint}/{container}/base.vhd"], await BlobNames.CompleteAsync($"{server.Endpoint}/{container}/b", new StoreConnection(), Token));
        Assert.Empty(await BlobNames.CompleteAsync("ftp://x/y", connection, Token));
        Assert.Empty(await BlobNames.CompleteAsync("missing-container/x", connection, Token));
    }
}
