using AzureVmRole.Disks.Files;

namespace AzureVmRole.Disks.Vhd;

/// <summary>A dynamic or differencing VHD.</summary>
internal sealed class DynamicVhdDisk : VirtualDisk, IVhdDisk
{
    private readonly VhdBlockTable _table;
    private readonly VhdBlockLayout _layout;
    private readonly VhdDynamicHeader _header;

    public DynamicVhdDisk(
        DiskFile file, VhdFooterSet footers, VhdDynamicHeader header, VhdBlockTable table, VirtualDisk? parent)
        : base(file, (long)footers.Footer.CurrentSize)
    {
        Footers = footers;
        _header = header;
        _table = table;
        _layout = new VhdBlockLayout((int)header.BlockSize);
        Parent = parent;
    }

    /// <inheritdoc/>
    public VhdFooterSet Footers { get; }

    /// <inheritdoc/>
    public VhdDynamicHeader? Header => _header;

    public override VhdFormat Format => VhdFormat.Vhd;

    public override VhdType Type => (VhdType)Footers.Footer.DiskType;

    public override Guid Identifier => Footers.Footer.UniqueId;

    public override DateTime? TimeStampUtc => VhdFormatConstants.Epoch.AddSeconds(Footers.Footer.TimeStamp);

    public override string Creator => Footers.Footer.CreatorApplication.TrimEnd('\0', ' ');

    public override long BlockSizeInBytes => _layout.BlockSize;

    public override VirtualDisk? Parent { get; }

    public override bool IsAligned
    {
        get
        {
            int first = _table.Entries.IndexOfAnyExcept(VhdFormatConstants.UnusedEntry);
            return first < 0 || DataOffset(first) % 4096 == 0;
        }
    }

    /// <summary>The block allocation table, for operations that change the disk.</summary>
    internal VhdBlockTable Table => _table;

    public override IEnumerable<DiskExtent> EnumerateExtents(long diskOffset, long length)
    {
        long end = diskOffset + length;
        byte[] bitmap = new byte[_layout.BitmapSize];
        while (diskOffset < end)
        {
            int block = (int)(diskOffset >> _layout.BlockShift);
            if (_table[block] == VhdFormatConstants.UnusedEntry)
            {
                int next = NextUsedBlock(block + 1, end);
                long stop = Math.Min((long)next << _layout.BlockShift, end);
                foreach (DiskExtent extent in Beneath(diskOffset, stop - diskOffset))
                {
                    yield return extent;
                }

                diskOffset = stop;
            }
            else
            {
                long stop = Math.Min((long)(block + 1) << _layout.BlockShift, end);
                File.ReadExactly(BitmapOffset(block), bitmap);
                while (diskOffset < stop)
                {
                    long runEnd = RunEnd(bitmap, block, diskOffset, stop, out bool isHere);
                    if (isHere)
                    {
                        yield return new DiskExtent(
                            diskOffset, runEnd - diskOffset, ExtentKind.File, File,
                            DataOffset(block) + (diskOffset - ((long)block << _layout.BlockShift)));
                    }
                    else
                    {
                        foreach (DiskExtent extent in Beneath(diskOffset, runEnd - diskOffset))
                        {
                            yield return extent;
                        }
                    }

                    diskOffset = runEnd;
                }
            }
        }
    }

    private long RunEnd(ReadOnlySpan<byte> bitmap, int block, long diskOffset, long stop, out bool isHere)
    {
        long blockStart = (long)block << _layout.BlockShift;
        int first = (int)((diskOffset - blockStart) / VhdFormatConstants.SectorSize);
        int last = (int)((stop - blockStart + VhdFormatConstants.SectorSize - 1) / VhdFormatConstants.SectorSize);
        int run = VhdSectorBitmap.RunLength(bitmap, first, last, out isHere);
        return Math.Min(blockStart + ((long)(first + run) * VhdFormatConstants.SectorSize), stop);
    }

    private int NextUsedBlock(int from, long end)
    {
        int blockEnd = (int)_layout.BlockCount(end);
        int next = from < blockEnd
            ? _table.Entries[from..blockEnd].IndexOfAnyExcept(VhdFormatConstants.UnusedEntry)
            : -1;
        return next < 0 ? blockEnd : from + next;
    }

    /// <summary>What shows where this disk holds nothing: the parent as far as it goes, then zeros.</summary>
    private IEnumerable<DiskExtent> Beneath(long diskOffset, long length)
    {
        long inParent = Parent is null ? 0 : Math.Clamp(Parent.LengthInBytes - diskOffset, 0, length);
        if (inParent == 0)
        {
            return [new DiskExtent(diskOffset, length, ExtentKind.Zero)];
        }

        IEnumerable<DiskExtent> extents = Parent!.EnumerateExtents(diskOffset, inParent);
        return inParent == length
            ? extents
            : extents.Append(new DiskExtent(diskOffset + inParent, length - inParent, ExtentKind.Zero));
    }

    private long BitmapOffset(int block) => (long)_table[block] * VhdFormatConstants.SectorSize;

    private long DataOffset(int block) => BitmapOffset(block) + _layout.BitmapSize;
}
