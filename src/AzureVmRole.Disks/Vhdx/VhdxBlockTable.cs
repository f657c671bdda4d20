using AzureVmRole.Disks.Files;

namespace AzureVmRole.Disks.Vhdx;

/// <summary>
/// The block allocation table of a disk. An entry is checked when it is first used: its state, its range and that no
/// other used block lies in the same bytes. So opening takes the same time for any size, and whoever reads the whole
/// disk has every overlap found.
/// </summary>
internal sealed class VhdxBlockTable
{
    private readonly string _path;
    private readonly VhdxGeometry _geometry;
    private readonly bool _hasParent;
    private readonly VhdxBatPages _entries;
    private readonly IReadOnlyList<(FileRange Range, string Name)> _reserved;
    private readonly DiskFile _file;
    private readonly BitSegments _checkedEntries;
    private readonly BitSegments _claimedMiB = new(VhdxFormat.MaximumFileLength / VhdxFormat.MiB);
    private long _collidingEntry = -1;

    /// <summary>Makes the table of a disk.</summary>
    /// <param name="file">The disk's file.</param>
    /// <param name="region">Where the BAT is.</param>
    /// <param name="geometry">How the disk is cut into blocks.</param>
    /// <param name="hasParent">Whether the disk is a differencing one.</param>
    /// <param name="reserved">What no block may overlap: the header section, the log and the regions.</param>
    public VhdxBlockTable(
        DiskFile file, FileRange region, VhdxGeometry geometry, bool hasParent,
        IReadOnlyList<(FileRange Range, string Name)> reserved)
    {
        _file = file;
        _path = file.Path;
        _geometry = geometry;
        _hasParent = hasParent;
        _reserved = reserved;
        long count = geometry.CountEntries(hasParent);
        if (count * VhdxBatEntry.Size > region.Length)
        {
            throw VhdxErrors.Invalid(
                ErrorCode.VhdxBatInvalid, _path, "BAT region", region.Offset, $"{region.Length} bytes long",
                $"at least {count * VhdxBatEntry.Size} bytes for {count} entries");
        }

        _entries = new VhdxBatPages(file, region.Offset, count);
        _checkedEntries = new BitSegments(count);
        foreach ((FileRange range, _) in reserved)
        {
            long end = Math.Min(range.End, VhdxFormat.MaximumFileLength);
            _claimedMiB.AddRange(range.Offset / VhdxFormat.MiB, (end - range.Offset) / VhdxFormat.MiB);
        }
    }

    /// <summary>The checked entry of a payload block.</summary>
    public VhdxBatEntry GetPayload(long block)
    {
        long index = _geometry.PayloadEntryIndex(block);
        VhdxBatEntry entry = _entries.Get(index);
        if (entry.IsPayloadInFile && _checkedEntries.Contains(index))
        {
            ThrowOnCollision();
            return entry;
        }

        bool isKnown = entry.State is not (4 or 5)
            && (entry.PayloadState != VhdxPayloadState.PartiallyPresent || _hasParent);
        if (!isKnown || entry.HasReservedBits)
        {
            throw Invalid(
                index, $"BAT entry of payload block {block}", $"0x{entry.Raw:X16}",
                $"a state of 0 to 3 or 6{(_hasParent ? " or 7" : "")} in bits 0 to 2 and zeros in bits 3 to 19");
        }

        if (entry.IsPayloadInFile)
        {
            Claim(index, entry, _geometry.BlockSizeInBytes, _geometry.BytesInBlock(block));
        }

        return entry;
    }

    /// <summary>Where the sector bitmap of a chunk with a partially present block is.</summary>
    public long GetBitmapOffset(long chunk)
    {
        long index = _geometry.BitmapEntryIndex(chunk);
        VhdxBatEntry entry = _entries.Get(index);
        if (entry.State != VhdxBatEntry.BitmapPresent || entry.HasReservedBits)
        {
            throw Invalid(
                index, $"BAT entry of sector bitmap block {chunk}", $"0x{entry.Raw:X16}",
                "state 6 and an offset: a block of its chunk is partially present");
        }

        if (!_checkedEntries.Contains(index))
        {
            Claim(index, entry, VhdxFormat.BitmapBlockSize, VhdxFormat.BitmapBlockSize);
        }

        ThrowOnCollision();
        return entry.FileOffset;
    }

    private void Claim(long index, VhdxBatEntry entry, int length, long neededLength)
    {
        if (entry.FileOffsetInMiB > (VhdxFormat.MaximumFileLength - length) / VhdxFormat.MiB
            || entry.FileOffset + neededLength > _file.Length)
        {
            throw Invalid(
                index, Name(index), $"offset {entry.FileOffsetInMiB} MiB with {neededLength} bytes to follow",
                $"a block inside the file of {_file.Length} bytes");
        }

        if (_checkedEntries.Add(index) && !_claimedMiB.AddRange(entry.FileOffsetInMiB, length / VhdxFormat.MiB))
        {
            Volatile.Write(ref _collidingEntry, index);
        }

        ThrowOnCollision();
    }

    // Whatever was read of the two blocks is in doubt, so from then on nothing is read any more.
    private void ThrowOnCollision()
    {
        long index = Volatile.Read(ref _collidingEntry);
        if (index < 0)
        {
            return;
        }

        FileRange range = RangeOf(index);
        throw Invalid(
            index, Name(index), $"offset {range.Offset / VhdxFormat.MiB} MiB",
            $"bytes of its own: they overlap with those of {FindOther(index, range)}");
    }

    private string FindOther(long index, FileRange range)
    {
        foreach ((FileRange reserved, string name) in _reserved)
        {
            if (range.Offset < reserved.End && reserved.Offset < range.End)
            {
                return $"the {name} at 0x{reserved.Offset:X} to 0x{reserved.End:X}";
            }
        }

        for (long other = 0; other < _entries.EntryCount; other++)
        {
            if (other != index && Overlaps(range, other))
            {
                return $"the {Name(other)} (entry at offset 0x{_entries.OffsetOf(other):X})";
            }
        }

        return "another block";
    }

    private bool Overlaps(FileRange range, long otherIndex)
    {
        VhdxBatEntry other = _entries.Get(otherIndex);
        bool isUsed = _geometry.IsBitmapEntry(otherIndex)
            ? _hasParent && other.State == VhdxBatEntry.BitmapPresent
            : other.IsPayloadInFile;
        return isUsed && other.FileOffsetInMiB < VhdxFormat.MaximumFileLength / VhdxFormat.MiB
            && RangeOf(otherIndex).Offset < range.End && range.Offset < RangeOf(otherIndex).End;
    }

    private FileRange RangeOf(long index) => new(
        _entries.Get(index).FileOffset,
        _geometry.IsBitmapEntry(index) ? VhdxFormat.BitmapBlockSize : _geometry.BlockSizeInBytes);

    private string Name(long index) => _geometry.IsBitmapEntry(index)
        ? $"BAT entry of sector bitmap block {index / (_geometry.ChunkRatio + 1)}"
        : $"BAT entry of payload block {_geometry.BlockOfEntry(index)}";

    private DiskFormatException Invalid(long index, string field, string found, string expected) =>
        VhdxErrors.Invalid(ErrorCode.VhdxBatInvalid, _path, field, _entries.OffsetOf(index), found, expected);
}
