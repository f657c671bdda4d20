using AzureVmRole.Disks.Vhd;
using AzureVmRole.Engine.Storage;
using AzureVmRole.Engine.Storage.Content;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Engine.Tests.Storage;

/// <summary>A container of a test's own, in a folder store or in Azurite, with disks whose content is known.</summary>
internal sealed class StoreRoom : IAsyncDisposable
{
    public const string Folder = "folder";
    public const string Azurite = "azurite";

    private const int LeafSize = ContentHasher.LeafSize;

    private readonly TemporaryFolder _folder;

    private StoreRoom(TemporaryFolder folder, StoreConnection connection, IBlobStore store)
    {
        _folder = folder;
        Connection = connection;
        Store = store;
    }

    /// <summary>The stores that every operation has to work with.</summary>
    public static TheoryData<string> Kinds => [Folder, Azurite];

    public StoreConnection Connection { get; }

    public IBlobStore Store { get; }

    public string Container { get; } = "t" + Guid.NewGuid().ToString("N");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<StoreRoom> OpenAsync(string kind, AzuriteFixture azurite)
    {
        StoreConnection? connection = kind == Azurite ? await azurite.ConnectAsync() : null;
        var folder = new TemporaryFolder();
        connection ??= new StoreConnection { FolderPath = folder.File("store") };
        var room = new StoreRoom(folder, connection, BlobStores.OpenStore(null, connection, mayCreate: true));
        await room.Store.CreateContainerAsync(room.Container, Token);
        return room;
    }

    /// <summary>A blob's address in the connected store.</summary>
    public string Address(string name) => $"{Container}/{name}";

    public BlobName Blob(string name) => new(Container, name);

    /// <summary>Uploads a fixed VHD as Publish-BaseVhd does: runs of data, the footer, then the metadata of a complete upload.</summary>
    public async Task<BlobName> PutAsync(string name, ReferenceDisk disk, params (string Key, string Value)[] metadata)
    {
        BlobName blob = await PutBytesAsync(name, disk, MakeFooter(disk));
        var all = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [BlobMetadata.State] = BlobMetadata.Complete,
            [BlobMetadata.ContentHash] = HashOf(disk),
        };
        foreach ((string key, string value) in metadata)
        {
            all[key] = value;
        }

        await Store.SetMetadataAsync(blob, all, default, Token);
        return blob;
    }

    /// <summary>Uploads data and a footer, and notes nothing.</summary>
    public async Task<BlobName> PutBytesAsync(string name, ReferenceDisk disk, byte[] footer)
    {
        BlobName blob = Blob(name);
        byte[] content = disk.Content;
        await Store.CreateAsync(blob, content.Length + footer.Length, new Dictionary<string, string>(StringComparer.Ordinal), default, Token);
        for (int offset = 0; offset < content.Length; offset += LeafSize)
        {
            ReadOnlyMemory<byte> leaf = content.AsMemory(offset, Math.Min(LeafSize, content.Length - offset));
            if (leaf.Span.ContainsAnyExcept((byte)0))
            {
                await Store.WritePagesAsync(blob, offset, leaf, default, Token);
            }
        }

        await Store.WritePagesAsync(blob, content.Length, footer, default, Token);
        return blob;
    }

    public async Task<BlobProperties> FindAsync(string name)
    {
        BlobProperties? blob = await Store.FindAsync(Blob(name), null, Token);
        Assert.NotNull(blob);
        return blob;
    }

    public async Task<byte[]> ReadAsync(string name)
    {
        byte[] bytes = new byte[(await FindAsync(name)).Length];
        await Store.ReadAsync(Blob(name), null, 0, bytes, default, Token);
        return bytes;
    }

    public static byte[] MakeFooter(ReferenceDisk disk) => FixedVhdFooter
        .Create(disk.Content.Length, new Guid("6D6F6465-6C20-4469-736B-000000000001"), new DateTime(2020, 2, 2, 2, 2, 2, DateTimeKind.Utc)).Bytes.ToArray();

    /// <summary>The whole fixed VHD.</summary>
    public static byte[] BytesOf(ReferenceDisk disk) => [.. disk.Content, .. MakeFooter(disk)];

    public static string HashOf(ReferenceDisk disk)
    {
        var hasher = new ContentHasher(disk.Content.Length);
        ContentPiece piece = hasher.Announce(0, disk.Content.Length);
        piece.Hash(disk.Content);
        piece.Complete();
        return hasher.Finish();
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        _folder.Dispose();
    }
}
