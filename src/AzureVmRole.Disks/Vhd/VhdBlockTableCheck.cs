using AzureVmRole.Disks.Files;

namespace AzureVmRole.Disks.Vhd;

/// <summary>Checks a block allocation table in one pass: every block inside the file, outside the tables, apart from the others.</summary>
internal sealed class VhdBlockTableCheck(DiskFile file, VhdFooter footer, VhdDynamicHeader header, long dataEnd)
{
    /// <summary>Where the last block can start.</summary>
    private const long LargestOffset = (long)uint.MaxValue * VhdFormatConstants.SectorSize;

    private const int MaximumSlotsPerEntry = 2;

    private readonly VhdBlockLayout _layout = new((int)header.BlockSize);
    private readonly long _lastBlockSize = LastBlockSize((long)footer.CurrentSize, (int)header.BlockSize);
    private readonly IReadOnlyList<VhdParentLocator> _locators = LocatorsInFile(file, footer, header);

    /// <exception cref="DiskFormatException">The first entry that is wrong.</exception>
    public void Check(ReadOnlySpan<uint> entries)
    {
        // Two blocks that do not overlap start in different slots of one stored block each.
        long slotCount = (Math.Min(file.Length, LargestOffset) / _layout.StoredSize) + 2;
        if (slotCount > MaximumSlotsPerEntry * (long)entries.Length)
        {
            CheckSorted(entries);
            return;
        }

        int[] slots = new int[slotCount];
        for (int index = NextUsed(entries, 0); index < entries.Length; index = NextUsed(entries, index + 1))
        {
            long start = (long)entries[index] * VhdFormatConstants.SectorSize;
            CheckPlace(entries, index, start);
            int slot = (int)(start / _layout.StoredSize);
            CheckNeighbour(entries, index, slots[slot]);
            CheckNeighbour(entries, index, slot > 0 ? slots[slot - 1] : 0);
            CheckNeighbour(entries, index, slots[slot + 1]);
            slots[slot] = index + 1;
        }
    }

    private static long LastBlockSize(long size, int blockSize) => size % blockSize == 0 ? blockSize : size % blockSize;

    /// <summary>A locator that points outside the file cannot lie over a block; who follows it finds that out.</summary>
    private static VhdParentLocator[] LocatorsInFile(DiskFile file, VhdFooter footer, VhdDynamicHeader header) =>
        footer.DiskType == (uint)VhdType.Differencing
            ? [.. header.Locators.Where(locator => locator is { IsUsed: true, DataLength: > 0 } && locator.EndsBefore(file.Length))]
            : [];

    private static int NextUsed(ReadOnlySpan<uint> entries, int from)
    {
        int next = entries[from..].IndexOfAnyExcept(VhdFormatConstants.UnusedEntry);
        return next < 0 ? entries.Length : from + next;
    }

    /// <summary>The check for a file with far more room than blocks, where slots would take more memory than the table.</summary>
    private void CheckSorted(ReadOnlySpan<uint> entries)
    {
        var starts = new List<(uint Sector, int Index)>();
        for (int index = NextUsed(entries, 0); index < entries.Length; index = NextUsed(entries, index + 1))
        {
            CheckPlace(entries, index, (long)entries[index] * VhdFormatConstants.SectorSize);
            starts.Add((entries[index], index));
        }

        starts.Sort();
        for (int position = 1; position < starts.Count; position++)
        {
            CheckNeighbour(entries, starts[position].Index, starts[position - 1].Index + 1);
        }
    }

    private void CheckPlace(ReadOnlySpan<uint> entries, int index, long start)
    {
        long end = start + _layout.BitmapSize + (index == entries.Length - 1 ? _lastBlockSize : _layout.BlockSize);
        if (end > dataEnd)
        {
            throw Wrong(entries, index, $"its block ends at byte 0x{end:X}, the file's data at 0x{dataEnd:X}");
        }

        CheckApart(entries, index, start, end, 0, VhdFooter.Size, "the copy of the footer");
        CheckApart(
            entries, index, start, end, (long)footer.DataOffset, VhdDynamicHeader.Size, "the dynamic disk header");
        CheckApart(
            entries, index, start, end, (long)header.TableOffset, (long)entries.Length * sizeof(uint),
            "the block allocation table");
        foreach (VhdParentLocator locator in _locators)
        {
            CheckApart(entries, index, start, end, (long)locator.DataOffset, locator.DataLength, "a parent locator's path");
        }
    }

    private void CheckApart(
        ReadOnlySpan<uint> entries, int index, long start, long end, long otherStart, long otherLength, string other)
    {
        if (start < otherStart + otherLength && end > otherStart)
        {
            throw Wrong(entries, index, $"its block lies over {other} at byte 0x{otherStart:X}");
        }
    }

    private void CheckNeighbour(ReadOnlySpan<uint> entries, int index, int neighbourPlusOne)
    {
        if (neighbourPlusOne == 0)
        {
            return;
        }

        uint neighbour = entries[neighbourPlusOne - 1];
        long distance = Math.Abs((long)entries[index] - neighbour) * VhdFormatConstants.SectorSize;
        if (distance < _layout.StoredSize)
        {
            throw Wrong(entries, index, $"its block overlaps the one of entry {neighbourPlusOne - 1} (sector 0x{neighbour:X})");
        }
    }

    private DiskFormatException Wrong(ReadOnlySpan<uint> entries, int index, string reason)
    {
        long offset = (long)header.TableOffset + ((long)index * sizeof(uint));
        return new DiskFormatException(
            ErrorCode.VhdBatInvalid, file.Path, $"BAT entry {index}", offset,
            $"BAT entry {index} at offset 0x{offset:X} of '{file.Path}' is sector 0x{entries[index]:X}, but {reason}.",
            "Get an intact copy of the disk: the block's data cannot be told from another's.");
    }
}
