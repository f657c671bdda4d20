using AzureVmRole.Engine.Storage;
using AzureVmRole.Engine.Storage.Publishing;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Engine.Tests.Storage.Publishing;

/// <summary>A place to publish to for tests that hold for every store: a container, a folder with disks, a home.</summary>
public abstract class PublishedStore : IAsyncLifetime
{
    protected const int MiB = DiskFolder.MiB;
    protected const int DiskLength = 24 * MiB;

    private readonly TemporaryFolder _home = new();
    private IBlobStore? _store;

    /// <summary>How the store is reached.</summary>
    protected StoreConnection Connection { get; private set; } = new();

    /// <summary>The store.</summary>
    protected IBlobStore Store => _store ?? throw new InvalidOperationException("The store is not open.");

    /// <summary>A container of the test's own; publishing makes it.</summary>
    protected string Container { get; } = "p" + Guid.NewGuid().ToString("N");

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    internal DiskFolder Folder { get; } = new();

    public async ValueTask InitializeAsync()
    {
        Connection = await ConnectAsync();
        _store = BlobStores.OpenStore(null, Connection, mayCreate: true);
    }

    public async ValueTask DisposeAsync()
    {
        if (_store is not null)
        {
            await _store.DisposeAsync();
        }

        Folder.Dispose();
        _home.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Makes the connection.</summary>
    protected abstract Task<StoreConnection> ConnectAsync();

    protected BlobName Blob(string name = "disk.vhd") => new(Container, name);

    /// <summary>Content of a disk that Azure takes: data at both ends, holes between.</summary>
    protected static ReferenceDisk MakeContent() => DiskFolder.MakeContent(DiskLength);

    protected PublishOptions OptionsFor(string path, string blob = "disk.vhd") => new()
    {
        SourcePath = path,
        Destination = $"{Container}/{blob}",
        IsDataDisk = true,
        Connection = Connection,
        UploadsPath = _home.File("uploads"),
    };

    protected Task<PublishedVhd> PublishAsync(string path, string blob = "disk.vhd") =>
        DiskPublication.PublishAsync(OptionsFor(path, blob), null, Token);

    /// <summary>Publishes until an activity has come so far (from 0 to 1), and is cancelled there.</summary>
    protected static async Task CancelAsync(PublishOptions options, double share, string activity = "Uploading disk")
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var progress = new ActionProgress(report =>
        {
            if (report.Activity == activity && report.BytesDone >= share * report.BytesTotal)
            {
                cancellation.Cancel();
            }
        });
        OperationCanceledException exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => DiskPublication.PublishAsync(options, progress, cancellation.Token));
        Assert.Equal(cancellation.Token, exception.CancellationToken);
    }

    protected static async Task<T> FailsAsync<T>(ErrorCode code, PublishOptions options)
        where T : AzureVmRoleException
    {
        T exception = await Assert.ThrowsAsync<T>(() => DiskPublication.PublishAsync(options, null, Token));
        Assert.True(exception.Code == code, $"{exception.Code}: {exception.Message}");
        Assert.NotNull(exception.RecommendedAction);
        return exception;
    }

    protected async Task<BlobProperties> FindAsync(string blob = "disk.vhd") =>
        await Store.FindAsync(Blob(blob), null, Token) ?? throw new InvalidOperationException($"There is no blob {blob}.");

    protected async Task<byte[]> ReadAsync(string blob = "disk.vhd")
    {
        byte[] bytes = new byte[(await FindAsync(blob)).Length];
        for (int offset = 0; offset < bytes.Length; offset += 4 * MiB)
        {
            await Store.ReadAsync(Blob(blob), null, offset, bytes.AsMemory(offset, Math.Min(4 * MiB, bytes.Length - offset)), default, Token);
        }

        return bytes;
    }

    /// <summary>Asserts that a blob is a complete disk with this content.</summary>
    protected async Task AssertHoldsAsync(byte[] content, PublishedVhd published, string blob = "disk.vhd")
    {
        byte[] bytes = await ReadAsync(blob);
        Assert.Equal(content.Length + 512, bytes.Length);
        int same = content.AsSpan().CommonPrefixLength(bytes);
        Assert.True(same == content.Length, $"'{blob}' differs from byte {same} on.");
        string file = Folder[$"{Guid.NewGuid():N}.vhd"];
        await File.WriteAllBytesAsync(file, bytes, Token);
        using (Disks.VirtualDisk disk = Disks.VirtualDiskFile.Open(file))
        {
            Assert.Equal((VhdFormat.Vhd, VhdType.Fixed, published.DiskIdentifier), (disk.Format, disk.Type, disk.Identifier));
            Assert.Empty(disk.Findings);
        }

        File.Delete(file);
        BlobProperties found = await FindAsync(blob);
        Assert.Equal(NaiveContentHash.Of(content), published.ContentHash);
        Assert.Equal(
            (BlobMetadata.Complete, published.ContentHash, published.DiskIdentifier.ToString()),
            (found.Metadata[BlobMetadata.State], found.Metadata[BlobMetadata.ContentHash], found.Metadata[BlobMetadata.DiskIdentifier]));
        Assert.Equal((published.ETag, published.Size), (found.ETag, content.Length));
        Assert.NotEqual(BlobLeaseState.Leased, found.LeaseState);
    }

    /// <summary>The journals of uploads that have not ended.</summary>
    protected string[] Journals => [.. Directory.EnumerateFiles(_home.Path, "*.json", SearchOption.AllDirectories)];

    /// <summary>Asserts that a blob is a half upload, which nobody can take for a disk.</summary>
    protected async Task AssertHalfAsync(string blob = "disk.vhd")
    {
        BlobProperties found = await FindAsync(blob);
        Assert.Equal(BlobMetadata.Uploading, found.Metadata[BlobMetadata.State]);
        if (found.CopyState == BlobCopyState.Aborted)
        {
            return;
        }

        byte[] footer = new byte[512];
        await Store.ReadAsync(Blob(blob), null, found.Length - 512, footer, default, Token);
        Assert.Equal(new byte[512], footer);
    }

    /// <summary>How many bytes lie in leaves of 64 KiB that are not all zeros.</summary>
    protected static long DataIn(byte[] content)
    {
        long data = 0;
        for (int offset = 0; offset < content.Length; offset += 65536)
        {
            int length = Math.Min(65536, content.Length - offset);
            data += content.AsSpan(offset, length).ContainsAnyExcept((byte)0) ? length : 0;
        }

        return data;
    }

    /// <summary>How many bytes lie in leaves in which two contents differ.</summary>
    protected static long DifferenceOf(byte[] content, byte[] other)
    {
        long differing = 0;
        for (int offset = 0; offset < content.Length; offset += 65536)
        {
            int length = Math.Min(65536, content.Length - offset);
            differing += content.AsSpan(offset, length).SequenceEqual(other.AsSpan(offset, length)) ? 0 : length;
        }

        return differing;
    }
}
