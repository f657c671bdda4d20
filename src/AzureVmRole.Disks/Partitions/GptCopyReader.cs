using System.Numerics;

namespace AzureVmRole.Disks.Partitions;

/// <summary>Reads and checks one copy of a GPT.</summary>
internal sealed class GptCopyReader
{
    // 8,192 entries of the usual size, where 128 are the rule: enough for any disk, and bounded.
    private const long MaximumEntriesLength = 1 << 20;

    private readonly VirtualDisk _disk;
    private readonly int _sectorSize;

    public GptCopyReader(VirtualDisk disk)
    {
        _disk = disk;
        _sectorSize = disk.LogicalSectorSize;
    }

    private long SectorCount => _disk.LengthInBytes / _sectorSize;

    /// <summary>No disk has sectors beyond this one; offsets in bytes up to here, and sums of two, fit a long.</summary>
    public static long HighestLba(int sectorSize) => long.MaxValue / sectorSize / 4;

    /// <summary>Reads the copy whose header is in sector <paramref name="lba"/>.</summary>
    public GptCopy Read(long lba)
    {
        var copy = new GptCopy { Lba = lba };
        if (lba < GptHeader.PrimaryLba || lba >= SectorCount)
        {
            return copy with { Fault = $"Sector {lba} is outside the disk of {SectorCount} sectors." };
        }

        byte[] sector = new byte[_sectorSize];
        _disk.Read(lba * _sectorSize, sector);
        if (GptHeader.Parse(sector) is not { } header)
        {
            return copy with { Sector = sector, Fault = $"Sector {lba} does not start with 'EFI PART'." };
        }

        copy = copy with { Sector = sector, Header = header };
        return FindHeaderFault(header, sector, lba) is { } fault
            ? copy with { Fault = fault }
            : ReadEntries(copy with { IsHeaderSound = true }, header);
    }

    private GptCopy ReadEntries(GptCopy copy, GptHeader header)
    {
        byte[] entries = new byte[header.EntriesLength];
        _disk.Read(header.EntriesLba * _sectorSize, entries);
        uint computed = Crc32.Compute(entries);
        return computed == header.EntriesChecksum
            ? copy with { Entries = entries }
            : copy with
            {
                Fault = $"The checksum of the entries at sector {header.EntriesLba} is 0x{computed:X8}, "
                    + $"the header in sector {copy.Lba} says 0x{header.EntriesChecksum:X8}.",
            };
    }

    private string? FindHeaderFault(GptHeader header, byte[] sector, long lba)
    {
        if (header.HeaderSize < GptHeader.Size || header.HeaderSize > _sectorSize)
        {
            return $"HeaderSize in sector {lba} is {header.HeaderSize}, expected {GptHeader.Size} to {_sectorSize}.";
        }

        uint computed = GptHeader.ComputeChecksum(sector, (int)header.HeaderSize);
        if (computed != header.Checksum)
        {
            return $"HeaderCRC32 in sector {lba} is 0x{header.Checksum:X8}, expected 0x{computed:X8}.";
        }

        if (header.MyLba != lba)
        {
            return $"MyLBA in sector {lba} is {header.MyLba}.";
        }

        if (header.FirstUsableLba <= GptHeader.PrimaryLba || header.FirstUsableLba >= SectorCount
            || header.LastUsableLba < header.FirstUsableLba - 1 || header.LastUsableLba > HighestLba(_sectorSize))
        {
            return $"The usable sectors of the header in sector {lba} are {header.FirstUsableLba} to {header.LastUsableLba}.";
        }

        return FindEntriesFault(header, lba);
    }

    private string? FindEntriesFault(GptHeader header, long lba)
    {
        if (header.EntrySize < GptEntry.Size || !BitOperations.IsPow2(header.EntrySize)
            || header.EntryCount == 0 || header.EntriesLength > MaximumEntriesLength)
        {
            return $"The header in sector {lba} has {header.EntryCount} entries of {header.EntrySize} bytes, "
                + $"expected 1 or more of {GptEntry.Size} (or 256, 512 …) bytes, {MaximumEntriesLength} bytes in all.";
        }

        long sectorCount = (header.EntriesLength + _sectorSize - 1) / _sectorSize;
        bool isInside = header.EntriesLba > GptHeader.PrimaryLba && header.EntriesLba <= SectorCount - sectorCount;
        bool coversHeader = isInside && lba >= header.EntriesLba && lba < header.EntriesLba + sectorCount;
        return isInside && !coversHeader
            ? null
            : $"PartitionEntryLBA in sector {lba} is {header.EntriesLba}, where {sectorCount} sectors of entries cannot be.";
    }
}
