using AzureVmRole.Engine.Storage;
using Xunit;

namespace AzureVmRole.Engine.Tests.Storage;

public abstract partial class BlobStoreTests
{
    [Fact(Timeout = 60_000)]
    public async Task Create_New_IsZerosOfItsLength()
    {
        BlobName blob = Blob();
        string etag = await Store.CreateAsync(blob, MiB, Metadata(("azvmrole_state", "uploading"), ("note", "a b")), default, Token);

        BlobProperties properties = await FindAsync(blob);
        Assert.Equal((blob, null, BlobKind.PageBlob, (long)MiB, etag), (properties.Name, properties.Snapshot, properties.Kind, properties.Length, properties.ETag));
        Assert.Equal((BlobLeaseState.Available, BlobCopyState.None, false), (properties.LeaseState, properties.CopyState, properties.IsDeleted));
        Assert.Equal("uploading", properties.Metadata["AZVMROLE_STATE"]);
        Assert.Equal("a b", properties.Metadata["note"]);
        Assert.Empty(properties.Tags);
        Assert.Null(properties.ContentMd5);
        Assert.Empty(await RangesAsync(blob));
        Assert.Equal(new byte[MiB], await ReadAsync(blob, 0, MiB));
    }

    [Fact(Timeout = 60_000)]
    public async Task Create_ContainerMissing_ContainerNotFound() => await FailsAsync(
        ErrorCode.ContainerNotFound,
        () => Store.CreateAsync(new BlobName("t" + Guid.NewGuid().ToString("N"), "disk.vhd"), Page, NoMetadata, default, Token));

    [Fact(Timeout = 60_000)]
    public async Task Create_Existing_ReplacesContentAndMetadata()
    {
        BlobName blob = Blob();
        string first = await Store.CreateAsync(blob, MiB, Metadata(("a", "1")), default, Token);
        await Store.WritePagesAsync(blob, 0, RandomBytes(MiB), default, Token);

        string second = await Store.CreateAsync(blob, 2 * MiB, Metadata(("b", "2")), default, Token);

        BlobProperties properties = await FindAsync(blob);
        Assert.NotEqual(first, second, StringComparer.Ordinal);
        Assert.Equal((2L * MiB, second), (properties.Length, properties.ETag));
        Assert.Equal(["b"], properties.Metadata.Keys, StringComparer.Ordinal);
        Assert.Equal(new byte[2 * MiB], await ReadAsync(blob, 0, 2 * MiB));
        Assert.Empty(await RangesAsync(blob, length: 2 * MiB));
    }

    [Fact(Timeout = 60_000)]
    public async Task Find_Missing_Null()
    {
        Assert.Null(await Store.FindAsync(Blob("missing.vhd"), null, Token));
        Assert.Null(await Store.FindAsync(new BlobName("t" + Guid.NewGuid().ToString("N"), "missing.vhd"), null, Token));
        BlobName blob = await MakeAsync();
        Assert.Null(await Store.FindAsync(blob, "2001-01-01T00:00:00.0000000Z", Token));
    }

    [Fact(Timeout = 60_000)]
    public async Task Missing_EveryRequest_BlobNotFound()
    {
        BlobName blob = Blob("missing.vhd");
        await FailsAsync(ErrorCode.BlobNotFound, () => Store.WritePagesAsync(blob, 0, new byte[Page], default, Token));
        await FailsAsync(ErrorCode.BlobNotFound, () => Store.ClearPagesAsync(blob, 0, Page, default, Token));
        await FailsAsync(ErrorCode.BlobNotFound, () => Store.ReadAsync(blob, null, 0, new byte[Page], default, Token));
        await FailsAsync(ErrorCode.BlobNotFound, () => Store.SetMetadataAsync(blob, NoMetadata, default, Token));
        await FailsAsync(ErrorCode.BlobNotFound, () => Store.SetContentMd5Async(blob, new byte[16], default, Token));
        await FailsAsync(ErrorCode.BlobNotFound, () => Store.AcquireLeaseAsync(blob, NewLease(), null, default, Token));
        await FailsAsync(ErrorCode.BlobNotFound, () => Store.BreakLeaseAsync(blob, TimeSpan.Zero, default, Token));
        await FailsAsync(ErrorCode.BlobNotFound, () => Store.CreateSnapshotAsync(blob, default, Token));
        await FailsAsync(ErrorCode.BlobNotFound, () => Store.DeleteAsync(blob, null, false, default, Token));
        await FailsAsync(ErrorCode.BlobNotFound, () => RangesAsync(blob));
    }

    [Fact(Timeout = 60_000)]
    public async Task WritePages_AnyPlace_ReadBack()
    {
        BlobName blob = await MakeAsync(length: 8 * MiB);
        byte[] expected = new byte[8 * MiB];
        foreach ((int offset, int length) in new[] { (0, Page), (MiB - Page, 3 * Page), (2 * MiB, 4 * MiB), (8 * MiB - Page, Page), (3 * MiB, 64 * KiB) })
        {
            byte[] data = RandomBytes(length, offset);
            data.CopyTo(expected, offset);
            await Store.WritePagesAsync(blob, offset, data, default, Token);
        }

        await Store.FlushAsync(blob, Token);

        Assert.Equal(expected, await ReadAsync(blob, 0, 8 * MiB));
        Assert.Equal(expected[(MiB - Page)..(MiB + (2 * Page))], await ReadAsync(blob, MiB - Page, 3 * Page));
        List<PageRange> ranges = await RangesAsync(blob, length: 8 * MiB);
        AssertCover(ranges, expected, 0);
        Assert.All(ranges, range => Assert.False(range.IsClear));
        Assert.True(ranges.Sum(range => range.Length) < 5 * MiB, "Holes are told as data.");
    }

    [Fact(Timeout = 60_000)]
    public async Task WritePages_ManyAtOnce_AllArrive()
    {
        BlobName blob = await MakeAsync(length: 4 * MiB);
        byte[] expected = RandomBytes(4 * MiB);
        await Parallel.ForAsync(0, 64, Token, async (index, cancellationToken) => await Store.WritePagesAsync(
            blob, index * 64 * KiB, expected.AsMemory(index * 64 * KiB, 64 * KiB), default, cancellationToken));

        Assert.Equal(expected, await ReadAsync(blob, 0, 4 * MiB));
    }

    [Fact(Timeout = 60_000)]
    public async Task ClearPages_Written_AreZero()
    {
        BlobName blob = await MakeAsync();
        byte[] expected = RandomBytes(MiB);
        await Store.WritePagesAsync(blob, 0, expected, default, Token);

        await Store.ClearPagesAsync(blob, 64 * KiB, 128 * KiB, default, Token);
        await Store.ClearPagesAsync(blob, 512 * KiB + Page, Page, default, Token);

        expected.AsSpan(64 * KiB, 128 * KiB).Clear();
        expected.AsSpan((512 * KiB) + Page, Page).Clear();
        Assert.Equal(expected, await ReadAsync(blob, 0, MiB));
        List<PageRange> ranges = await RangesAsync(blob);
        AssertCover(ranges, expected, 0);
        Assert.Equal(new PageRange(0, 64 * KiB), ranges[0]);
        Assert.Equal(192 * KiB, ranges[1].Offset);
    }

    [Fact(Timeout = 60_000)]
    public async Task ClearPages_MoreThanOneRequestTakes_AllZero()
    {
        Need(StoreCapability.LargeClear);
        BlobName blob = await MakeAsync(length: 12 * MiB);
        await Store.WritePagesAsync(blob, 0, RandomBytes(4 * MiB), default, Token);
        await Store.WritePagesAsync(blob, 8 * MiB, RandomBytes(4 * MiB), default, Token);

        await Store.ClearPagesAsync(blob, 0, 12 * MiB, default, Token);

        Assert.Empty(await RangesAsync(blob, length: 12 * MiB));
        Assert.Equal(new byte[12 * MiB], await ReadAsync(blob, 0, 12 * MiB));
    }

    [Fact(Timeout = 60_000)]
    public async Task ListPageRanges_PartOfBlob_CutToIt()
    {
        BlobName blob = await MakeAsync();
        byte[] expected = new byte[MiB];
        RandomBytes(256 * KiB).CopyTo(expected, 128 * KiB);
        await Store.WritePagesAsync(blob, 128 * KiB, expected.AsMemory(128 * KiB, 256 * KiB), default, Token);

        Assert.Equal([new PageRange(192 * KiB, 64 * KiB)], await RangesAsync(blob, offset: 192 * KiB, length: 64 * KiB));
        Assert.Equal([new PageRange(128 * KiB, 64 * KiB)], await RangesAsync(blob, offset: 0, length: 192 * KiB));
        Assert.Empty(await RangesAsync(blob, offset: 512 * KiB, length: 512 * KiB));
    }

    [Fact(Timeout = 60_000)]
    public async Task WritePages_Each_ChangesETagAndTime()
    {
        BlobName blob = await MakeAsync();
        BlobProperties before = await FindAsync(blob);
        await Store.WritePagesAsync(blob, 0, RandomBytes(Page), default, Token);
        BlobProperties written = await FindAsync(blob);
        await Store.ClearPagesAsync(blob, 0, Page, default, Token);
        BlobProperties cleared = await FindAsync(blob);

        Assert.Equal(3, new[] { before.ETag, written.ETag, cleared.ETag }.Distinct(StringComparer.Ordinal).Count());
        Assert.True(before.LastModified <= written.LastModified && written.LastModified <= cleared.LastModified);
    }

    [Fact(Timeout = 60_000)]
    public async Task SetMetadataAndMd5_Set_ShownWithNewETag()
    {
        BlobName blob = await MakeAsync();
        string before = (await FindAsync(blob)).ETag;

        string first = await Store.SetMetadataAsync(blob, Metadata(("azvmrole_state", "complete")), default, Token);
        string second = await Store.SetContentMd5Async(blob, RandomBytes(16), default, Token);

        BlobProperties properties = await FindAsync(blob);
        Assert.Equal(second, properties.ETag);
        Assert.Equal(3, new[] { before, first, second }.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal("complete", Assert.Single(properties.Metadata).Value);
        Assert.Equal(RandomBytes(16), properties.ContentMd5);
    }

    /// <summary>What is outside the ranges is zero; the ranges are in order, joined and whole pages.</summary>
    private static void AssertCover(List<PageRange> ranges, byte[] expected, long start)
    {
        long end = start;
        foreach (PageRange range in ranges)
        {
            Assert.True(range.Offset >= end && range.Length > 0, $"Out of order: {range}");
            Assert.True(range.Offset % Page == 0 && range.Length % Page == 0, $"No whole pages: {range}");
            Assert.False(expected.AsSpan((int)(end - start), (int)(range.Offset - end)).ContainsAnyExcept((byte)0), $"Data before {range}");
            end = range.End;
        }

        Assert.False(expected.AsSpan((int)(end - start)).ContainsAnyExcept((byte)0), "Data after the last range.");
    }
}
