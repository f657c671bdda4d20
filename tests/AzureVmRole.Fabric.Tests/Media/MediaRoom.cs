using System.Security.Cryptography;
using AzureVmRole.Disks.Vhd;
using AzureVmRole.Engine.Storage;
using AzureVmRole.Fabric.Media;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Fabric.Tests.Media;

/// <summary>Two locations' folder stores in a folder of their own, and disks in them.</summary>
internal sealed class MediaRoom : IAsyncDisposable
{
    public const long Mebibyte = 1L << 20;

    private readonly TemporaryFolder _folder = new();

    public MediaRoom()
    {
        Here = Open("local1");
        There = Open("local2");
    }

    public LocationMedia Here { get; private set; }

    public LocationMedia There { get; }

    public string Folder => _folder.Path;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A fixed VHD as a page blob, with some data at its start, middle and end.</summary>
    /// <returns>The SHA-256 of everything before the footer.</returns>
    public static async Task<string> MakeVhdAsync(
        LocationMedia media, string blob, long size = 32 * Mebibyte, byte seed = 7, IReadOnlyDictionary<string, string>? metadata = null)
    {
        BlobName name = await MakeBlobAsync(media, blob, size + 512, metadata);
        byte[] data = Enumerable.Range(0, 8192).Select(index => (byte)((index * seed) + 1)).ToArray();
        foreach (long offset in new[] { 0, size / 2 / 512 * 512, size - data.Length })
        {
            await media.Store.WritePagesAsync(name, offset, data, default, Token);
        }

        await media.Store.WritePagesAsync(name, size, FixedVhdFooter.Create(size, Guid.NewGuid(), DateTime.UnixEpoch.AddYears(50)).Bytes, default, Token);
        return Hash(media, blob, size);
    }

    /// <summary>Any bytes as a page blob.</summary>
    public static async Task<BlobName> MakeBlobAsync(LocationMedia media, string blob, byte[] content)
    {
        BlobName name = await MakeBlobAsync(media, blob, content.Length, null);
        for (int offset = 0; offset < content.Length; offset += 4 << 20)
        {
            await media.Store.WritePagesAsync(name, offset, content.AsMemory(offset, Math.Min(4 << 20, content.Length - offset)), default, Token);
        }

        return name;
    }

    public static async Task<BlobName> MakeBlobAsync(LocationMedia media, string blob, long length, IReadOnlyDictionary<string, string>? metadata)
    {
        string[] parts = blob.Split('/', 2);
        var name = new BlobName(parts[0], parts[1]);
        await media.Store.CreateContainerAsync(name.Container, Token);
        await media.Store.CreateAsync(name, length, metadata ?? new Dictionary<string, string>(StringComparer.Ordinal), default, Token);
        return name;
    }

    /// <summary>The SHA-256 of the disk in a blob, its footer left out.</summary>
    public static string Hash(LocationMedia media, string blob, long size)
    {
        using FileStream file = File.Open(media.PathOf(blob), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[1 << 20];
        for (long left = size; left > 0;)
        {
            int read = file.Read(buffer, 0, (int)Math.Min(left, buffer.Length));
            Assert.NotEqual(0, read);
            hash.AppendData(buffer, 0, read);
            left -= read;
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    public static async Task<BlobProperties?> FindAsync(LocationMedia media, string blob)
    {
        string[] parts = blob.Split('/', 2);
        return await media.Store.FindAsync(new BlobName(parts[0], parts[1]), null, Token);
    }

    /// <summary>Closes the first location's store and opens it again, as a restarted process would.</summary>
    public async Task ReopenAsync()
    {
        await Here.Store.DisposeAsync();
        Here = Open("local1");
    }

    public async ValueTask DisposeAsync()
    {
        await Here.Store.DisposeAsync();
        await There.Store.DisposeAsync();
        _folder.Dispose();
    }

    private LocationMedia Open(string location) => new(
        location, BlobStores.OpenStore(null, new StoreConnection { FolderPath = _folder.File(location) }, mayCreate: true), TimeProvider.System);
}
