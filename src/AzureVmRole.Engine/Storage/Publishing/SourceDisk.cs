using AzureVmRole.Disks;
using AzureVmRole.Disks.Partitions;
using AzureVmRole.Engine.Images;
using AzureVmRole.Engine.Images.Conversion;
using AzureVmRole.Engine.Storage.Content;

namespace AzureVmRole.Engine.Storage.Publishing;

/// <summary>
/// A disk's content as the fixed VHD that it becomes: a whole number of MiB long, with a partition table that fits that length.
/// </summary>
internal sealed class SourceDisk
{
    private const long JoinedLimit = 64 << 20;

    private readonly SectorWrite[] _tableWrites;
    private readonly ChainStamp _stamp;

    /// <exception cref="DiskOperationException">The disk's sectors are not of 512 bytes.</exception>
    public SourceDisk(VirtualDisk disk)
    {
        if (disk.LogicalSectorSize != 512)
        {
            throw new DiskOperationException(
                ErrorCode.DiskFormatUnsupported, disk.Path,
                $"'{disk.Path}' has logical sectors of {disk.LogicalSectorSize} bytes; a disk in Azure has 512, and the partition table would point elsewhere.",
                "Make the disk again with sectors of 512 bytes.");
        }

        Disk = disk;
        _stamp = new ChainStamp(disk);
        LengthInBytes = DiskConversion.DefaultSize(disk, VhdFormat.Vhd);
        _tableWrites = [.. ResizePlan.Create(disk, LengthInBytes).OrderBy(write => write.DiskOffset)];
    }

    /// <summary>The disk that is read.</summary>
    public VirtualDisk Disk { get; }

    /// <summary>The virtual size that the published disk has.</summary>
    public long LengthInBytes { get; }

    /// <summary>What is changed for the partition table to fit, in order.</summary>
    public IReadOnlyList<SectorWrite> TableWrites => _tableWrites;

    /// <summary>Ranges of whole leaves, in order and apart or adjoining, outside of which there are only zeros.</summary>
    /// <param name="from">Where to start, a multiple of <see cref="ContentHasher.LeafSize"/>.</param>
    public IEnumerable<PageRange> EnumerateLeaves(long from)
    {
        long length = Math.Max(0, Disk.LengthInBytes - from);
        IEnumerable<PageRange> data = length == 0
            ? []
            : Disk.EnumerateDataExtents(from, length).Select(extent => new PageRange(extent.DiskOffset, extent.Length));
        IEnumerable<PageRange> table = _tableWrites
            .Where(write => write.End > from)
            .Select(write => new PageRange(write.DiskOffset, write.Data.Length));
        return ToLeaves(PageRanges.Merge(data, table), LengthInBytes).Select(range => range.Offset >= from
            ? range
            : new PageRange(from, range.End - from));
    }

    /// <summary>Fills a buffer; the range lies inside the published disk.</summary>
    public void Read(long offset, Span<byte> buffer)
    {
        int inside = (int)Math.Clamp(Disk.LengthInBytes - offset, 0, buffer.Length);
        if (inside > 0)
        {
            Disk.Read(offset, buffer[..inside]);
        }

        buffer[inside..].Clear();
        foreach (SectorWrite write in _tableWrites)
        {
            long from = Math.Max(offset, write.DiskOffset);
            long to = Math.Min(offset + buffer.Length, write.End);
            if (from < to)
            {
                write.Data.Span.Slice((int)(from - write.DiskOffset), (int)(to - from)).CopyTo(buffer[(int)(from - offset)..]);
            }
        }
    }

    /// <summary>Asks whether what was read is one state of the disk.</summary>
    /// <exception cref="DiskOperationException">A file of the disk was changed since this was made.</exception>
    public void ThrowIfChanged() => _stamp.ThrowIfChanged();

    /// <summary>Widens ordered ranges to whole leaves and joins those that touch, up to a length.</summary>
    internal static IEnumerable<PageRange> ToLeaves(IEnumerable<PageRange> ranges, long limit)
    {
        PageRange joined = default;
        long reached = 0;
        foreach (PageRange range in ranges)
        {
            long start = Math.Max(range.Offset / ContentHasher.LeafSize * ContentHasher.LeafSize, reached);
            long end = Math.Min((range.End + ContentHasher.LeafSize - 1) / ContentHasher.LeafSize * ContentHasher.LeafSize, limit);
            if (start >= end)
            {
                continue;
            }

            if (joined.Length > 0 && (start > joined.End || joined.Length >= JoinedLimit))
            {
                yield return joined;
                joined = default;
            }

            reached = end;
            joined = joined.Length == 0 ? new PageRange(start, end - start) : joined with { Length = end - joined.Offset };
        }

        if (joined.Length > 0)
        {
            yield return joined;
        }
    }
}
