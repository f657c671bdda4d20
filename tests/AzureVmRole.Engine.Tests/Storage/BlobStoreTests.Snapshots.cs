using AzureVmRole.Engine.Storage;
using Xunit;

namespace AzureVmRole.Engine.Tests.Storage;

public abstract partial class BlobStoreTests
{
    [Fact(Timeout = 60_000)]
    public async Task CreateSnapshot_BlobChangedLater_SnapshotStays()
    {
        BlobName blob = await MakeAsync();
        await Store.SetMetadataAsync(blob, Metadata(("a", "1")), default, Token);
        await Store.WritePagesAsync(blob, 64 * KiB, RandomBytes(64 * KiB), default, Token);

        string snapshot = await Store.CreateSnapshotAsync(blob, default, Token);
        await Store.WritePagesAsync(blob, 64 * KiB, RandomBytes(64 * KiB, 2), default, Token);
        await Store.SetMetadataAsync(blob, Metadata(("a", "2")), default, Token);

        BlobProperties properties = await FindAsync(blob, snapshot);
        Assert.Equal((snapshot, (long)MiB, "1"), (properties.Snapshot, properties.Length, properties.Metadata["a"]));
        Assert.Equal(RandomBytes(64 * KiB), await ReadAsync(blob, 64 * KiB, 64 * KiB, snapshot));
        Assert.Equal(RandomBytes(64 * KiB, 2), await ReadAsync(blob, 64 * KiB, 64 * KiB));
        Assert.Equal([new PageRange(64 * KiB, 64 * KiB)], await RangesAsync(blob, snapshot));
    }

    [Fact(Timeout = 60_000)]
    public async Task CreateSnapshot_TwiceQuickly_TwoSnapshots()
    {
        BlobName blob = await MakeAsync();
        string first = await Store.CreateSnapshotAsync(blob, default, Token);
        await Store.WritePagesAsync(blob, 0, RandomBytes(Page), default, Token);
        string second = await Store.CreateSnapshotAsync(blob, default, Token);

        Assert.True(string.CompareOrdinal(first, second) < 0, $"{first} {second}");
        Assert.Equal(new byte[Page], await ReadAsync(blob, 0, Page, first));
        Assert.Equal(RandomBytes(Page), await ReadAsync(blob, 0, Page, second));
    }

    [Fact(Timeout = 60_000)]
    public async Task Create_OverBlobWithSnapshot_SnapshotStays()
    {
        Need(StoreCapability.OverwriteKeepsSnapshots);
        BlobName blob = await MakeAsync();
        await Store.WritePagesAsync(blob, 0, RandomBytes(Page), default, Token);
        string snapshot = await Store.CreateSnapshotAsync(blob, default, Token);

        await Store.CreateAsync(blob, 2 * MiB, NoMetadata, default, Token);

        Assert.Equal(RandomBytes(Page), await ReadAsync(blob, 0, Page, snapshot));
        Assert.Equal(new byte[Page], await ReadAsync(blob, 0, Page));
    }

    [Fact(Timeout = 60_000)]
    public async Task ListPageRanges_SinceSnapshot_OnlyWhatChanged()
    {
        Need(StoreCapability.Difference);
        BlobName blob = await MakeAsync();
        await Store.WritePagesAsync(blob, 0, RandomBytes(256 * KiB), default, Token);
        string first = await Store.CreateSnapshotAsync(blob, default, Token);
        await Store.WritePagesAsync(blob, 64 * KiB, RandomBytes(64 * KiB, 2), default, Token);
        await Store.ClearPagesAsync(blob, 192 * KiB, 64 * KiB, default, Token);
        await Store.WritePagesAsync(blob, 512 * KiB, RandomBytes(64 * KiB, 3), default, Token);
        string second = await Store.CreateSnapshotAsync(blob, default, Token);
        await Store.WritePagesAsync(blob, 768 * KiB, RandomBytes(64 * KiB, 4), default, Token);

        PageRange[] changes = [new(64 * KiB, 64 * KiB), new(192 * KiB, 64 * KiB, true), new(512 * KiB, 64 * KiB)];
        Assert.Equal(changes, await RangesAsync(blob, second, first));
        Assert.Equal([.. changes, new PageRange(768 * KiB, 64 * KiB)], await RangesAsync(blob, null, first));
        Assert.Equal([new PageRange(768 * KiB, 64 * KiB)], await RangesAsync(blob, null, second));
        Assert.Equal([new PageRange(192 * KiB, 64 * KiB, true)], await RangesAsync(blob, second, first, 128 * KiB, 256 * KiB));
    }
}
