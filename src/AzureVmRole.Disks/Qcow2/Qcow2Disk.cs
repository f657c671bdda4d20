using AzureVmRole.Disks.Files;

namespace AzureVmRole.Disks.Qcow2;

/// <summary>A disk in a qcow2 file.</summary>
public sealed class Qcow2Disk : VirtualDisk
{
    private const int AlignedSize = 4096;

    private readonly Qcow2Layout _layout;
    private readonly Qcow2ClusterMap _map;
    private readonly Qcow2Inflater _inflater;

    internal Qcow2Disk(DiskFile file, Qcow2Header header, VirtualDisk? parent)
        : base(file, RoundUp((long)header.DiskSize))
    {
        _layout = header.Layout;
        _map = new Qcow2ClusterMap(file, header, _layout, LengthInBytes);
        _inflater = new Qcow2Inflater(file, _layout);
        Parent = parent;
    }

    /// <inheritdoc/>
    public override VhdFormat Format => VhdFormat.Qcow2;

    /// <inheritdoc/>
    public override VhdType Type => Parent is null ? VhdType.Dynamic : VhdType.Differencing;

    /// <inheritdoc/>
    public override long BlockSizeInBytes => _layout.ClusterSize;

    /// <inheritdoc/>
    public override bool IsAligned => _layout.ClusterSize >= AlignedSize;

    /// <summary>The backing file, or null.</summary>
    public override VirtualDisk? Parent { get; }

    /// <inheritdoc/>
    public override IEnumerable<DiskExtent> EnumerateExtents(long diskOffset, long length)
    {
        long end = diskOffset + length;
        DiskExtent open = default;
        for (long offset = diskOffset; offset < end;)
        {
            Qcow2Run run = _map.FindRun(offset, end);
            if (run.Kind == Qcow2RunKind.Unallocated && Parent is { } parent)
            {
                foreach (DiskExtent extent in EnumerateParent(parent, offset, run.Length))
                {
                    if (!TryJoin(ref open, extent))
                    {
                        yield return open;
                        open = extent;
                    }
                }
            }
            else
            {
                DiskExtent extent = ToExtent(offset, run);
                if (!TryJoin(ref open, extent))
                {
                    yield return open;
                    open = extent;
                }
            }

            offset += run.Length;
        }

        if (open.Length > 0)
        {
            yield return open;
        }
    }

    /// <inheritdoc/>
    protected override void ReadEncoded(long diskOffset, Span<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            int offsetInCluster = (int)(diskOffset & (_layout.ClusterSize - 1));
            int length = Math.Min(buffer.Length, _layout.ClusterSize - offsetInCluster);
            Qcow2Entry entry = _map.GetEntry(diskOffset);
            if (entry.IsCompressed)
            {
                _inflater.Read(entry, offsetInCluster, buffer[..length]);
            }
            else
            {
                // An encoded extent may also be the parent's.
                Parent?.Read(diskOffset, buffer[..length]);
            }

            diskOffset += length;
            buffer = buffer[length..];
        }
    }

    // QEMU makes whole sectors only; a size that another program left ragged loses nothing this way.
    private static long RoundUp(long length) =>
        (length + Qcow2Format.SectorSize - 1) / Qcow2Format.SectorSize * Qcow2Format.SectorSize;

    private static IEnumerable<DiskExtent> EnumerateParent(VirtualDisk parent, long diskOffset, long length)
    {
        long inParent = Math.Clamp(parent.LengthInBytes - diskOffset, 0, length);
        if (inParent > 0)
        {
            foreach (DiskExtent extent in parent.EnumerateExtents(diskOffset, inParent))
            {
                yield return extent;
            }
        }

        if (inParent < length)
        {
            yield return new DiskExtent(diskOffset + inParent, length - inParent, ExtentKind.Zero);
        }
    }

    private static bool TryJoin(ref DiskExtent open, DiskExtent next)
    {
        if (open.Length == 0)
        {
            open = next;
            return true;
        }

        bool continues = open.Kind == next.Kind
            && (open.Kind != ExtentKind.File
                || (ReferenceEquals(open.File, next.File) && open.FileOffset + open.Length == next.FileOffset));
        if (continues)
        {
            open = open with { Length = open.Length + next.Length };
        }

        return continues;
    }

    private DiskExtent ToExtent(long diskOffset, Qcow2Run run) => run.Kind switch
    {
        Qcow2RunKind.Data => new DiskExtent(diskOffset, run.Length, ExtentKind.File, File, run.FileOffset),
        Qcow2RunKind.Compressed => new DiskExtent(diskOffset, run.Length, ExtentKind.Encoded),
        _ => new DiskExtent(diskOffset, run.Length, ExtentKind.Zero),
    };
}
