using AzureVmRole.Disks.Files;

namespace AzureVmRole.Disks;

/// <summary>
/// A virtual disk of any format, opened for reading, with its parents. Reads are positional and safe from any number of
/// threads. A format says where its bytes are (<see cref="EnumerateExtents"/>); everything else follows from that.
/// </summary>
public abstract class VirtualDisk : IDisposable
{
    /// <summary>Makes a disk over its file.</summary>
    protected VirtualDisk(DiskFile file, long lengthInBytes)
    {
        File = file;
        LengthInBytes = lengthInBytes;
    }

    /// <summary>The file that holds the disk (the top of the chain).</summary>
    public DiskFile File { get; }

    /// <summary>The absolute path of that file.</summary>
    public string Path => File.Path;

    /// <summary>The virtual size in bytes.</summary>
    public long LengthInBytes { get; }

    /// <summary>The file format.</summary>
    public abstract VhdFormat Format { get; }

    /// <summary>How the file holds its data.</summary>
    public abstract VhdType Type { get; }

    /// <summary>The logical sector size in bytes.</summary>
    public virtual int LogicalSectorSize => 512;

    /// <summary>The physical sector size in bytes.</summary>
    public virtual int PhysicalSectorSize => 512;

    /// <summary>The block (cluster) size in bytes; 0 where nothing is allocated by block.</summary>
    public virtual long BlockSizeInBytes => 0;

    /// <summary>The disk's unique id; empty for formats without one.</summary>
    public virtual Guid Identifier => Guid.Empty;

    /// <summary>When the disk was made or changed, as its footer tells; null for formats that do not.</summary>
    public virtual DateTime? TimeStampUtc => null;

    /// <summary>The application that made the file, as its header names it; empty where there is none.</summary>
    public virtual string Creator => "";

    /// <summary>Whether data blocks lie on 4 KiB boundaries of the file.</summary>
    public virtual bool IsAligned => true;

    /// <summary>The parent of a differencing disk, else null.</summary>
    public virtual VirtualDisk? Parent => null;

    /// <summary>What is odd about the file although it can be read.</summary>
    public IReadOnlyList<DiskFinding> Findings { get; init; } = [];

    /// <summary>
    /// Where the bytes of a range are: extents in order, without gaps or overlaps, that cover the range exactly; the
    /// parents' bytes included.
    /// </summary>
    /// <param name="diskOffset">Bytes from the start of the disk.</param>
    /// <param name="length">Length in bytes; the range lies inside the disk.</param>
    /// <exception cref="DiskFormatException">A table of the disk is wrong.</exception>
    public abstract IEnumerable<DiskExtent> EnumerateExtents(long diskOffset, long length);

    /// <summary>
    /// As <see cref="EnumerateExtents"/>, with the holes that the file system knows taken out of the file extents.
    /// </summary>
    public IEnumerable<DiskExtent> EnumerateDataExtents(long diskOffset, long length)
    {
        foreach (DiskExtent extent in EnumerateExtents(diskOffset, length))
        {
            if (extent.Kind == ExtentKind.Encoded)
            {
                yield return extent;
            }
            else if (extent is { Kind: ExtentKind.File, File: { } file })
            {
                foreach (FileRange range in file.EnumerateData(extent.FileOffset, extent.Length))
                {
                    yield return extent.Slice(extent.DiskOffset + (range.Offset - extent.FileOffset), range.Length);
                }
            }
        }
    }

    /// <summary>Fills <paramref name="buffer"/> from <paramref name="diskOffset"/>.</summary>
    /// <exception cref="DiskFormatException">A table of the disk is wrong, or the file ends too early.</exception>
    /// <exception cref="DiskOperationException">The operating system could not read.</exception>
    public void Read(long diskOffset, Span<byte> buffer)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(diskOffset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(diskOffset, LengthInBytes - buffer.Length);
        foreach (DiskExtent extent in EnumerateExtents(diskOffset, buffer.Length))
        {
            ReadExtent(extent, buffer.Slice((int)(extent.DiskOffset - diskOffset), (int)extent.Length));
        }
    }

    /// <summary>Fills <paramref name="buffer"/>, which is as long as the extent, from an extent of this disk.</summary>
    public void ReadExtent(DiskExtent extent, Span<byte> buffer)
    {
        switch (extent)
        {
            case { Kind: ExtentKind.Zero }:
                buffer.Clear();
                break;
            case { Kind: ExtentKind.File, File: { } file }:
                file.ReadExactly(extent.FileOffset, buffer);
                break;
            default:
                ReadEncoded(extent.DiskOffset, buffer);
                break;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes the files of the disk and its parents.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            Parent?.Dispose();
            File.Dispose();
        }
    }

    /// <summary>Reads bytes of an <see cref="ExtentKind.Encoded"/> extent.</summary>
    protected virtual void ReadEncoded(long diskOffset, Span<byte> buffer) =>
        throw new NotSupportedException($"A {Format} disk has no encoded extents.");
}
