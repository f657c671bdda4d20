using System.Buffers.Binary;
using AzureVmRole.Disks.Files;

namespace AzureVmRole.Disks.Vhdx;

/// <summary>One of the two copies of the region table ([MS-VHDX] section 2.2.3).</summary>
internal sealed class VhdxRegionTable
{
    public const int Size = VhdxFormat.Kib64;

    private const int MaximumEntryCount = 2047;
    private const int ChecksumOffset = 4;
    private const int EntryCountOffset = 8;
    private const int EntriesOffset = 16;

    private readonly long _fileOffset;

    public VhdxRegionTable(IReadOnlyList<VhdxRegionEntry> entries, long fileOffset)
    {
        Entries = entries;
        _fileOffset = fileOffset;
    }

    public IReadOnlyList<VhdxRegionEntry> Entries { get; }

    private static ReadOnlySpan<byte> Signature => "regi"u8;

    public static VhdxRegionTable Parse(ReadOnlySpan<byte> source, string path, long fileOffset)
    {
        VhdxErrors.CheckLength(source, Size, "Region table", path, fileOffset);
        if (!source.StartsWith(Signature))
        {
            throw VhdxErrors.Invalid(
                ErrorCode.VhdxRegionTableInvalid, path, "Region table Signature", fileOffset,
                Convert.ToHexString(source[..Signature.Length]), "'regi'");
        }

        VhdxErrors.CheckChecksum(
            source[..Size], ChecksumOffset, ErrorCode.VhdxRegionTableInvalid, "Region table Checksum", path, fileOffset);
        uint count = BinaryPrimitives.ReadUInt32LittleEndian(source[EntryCountOffset..]);
        if (count > MaximumEntryCount)
        {
            throw VhdxErrors.Invalid(
                ErrorCode.VhdxRegionTableInvalid, path, "Region table EntryCount", fileOffset + EntryCountOffset,
                $"{count}", $"at most {MaximumEntryCount}");
        }

        var entries = new VhdxRegionEntry[count];
        for (int index = 0; index < entries.Length; index++)
        {
            int offset = EntriesOffset + (index * VhdxRegionEntry.Size);
            entries[index] = VhdxRegionEntry.Parse(source[offset..], path, fileOffset + offset);
        }

        return new VhdxRegionTable(entries, fileOffset);
    }

    /// <summary>Checks every entry, and that neither regions nor the log overlap.</summary>
    public void Validate(string path, long fileLength, FileRange log)
    {
        var placed = new List<(FileRange Range, string Name, long? FieldOffset)>(Entries.Count + 1) { (log, "log", null) };
        var seen = new HashSet<Guid>();
        for (int index = 0; index < Entries.Count; index++)
        {
            VhdxRegionEntry entry = Entries[index];
            long entryOffset = _fileOffset + EntriesOffset + (index * VhdxRegionEntry.Size);
            entry.Validate(path, entryOffset, fileLength);
            if (!seen.Add(entry.Region))
            {
                throw VhdxErrors.Invalid(
                    ErrorCode.VhdxRegionTableInvalid, path, "Region Guid", entryOffset, $"{{{entry.Region}}} again",
                    "each region once");
            }

            placed.Add((entry.Range, $"region {{{entry.Region}}}", entryOffset + VhdxRegionEntry.FileOffsetOffset));
        }

        CheckOverlaps(placed, path);
    }

    /// <summary>The range of a region that every file has.</summary>
    public FileRange Find(Guid region, string name, string path)
    {
        foreach (VhdxRegionEntry entry in Entries)
        {
            if (entry.Region == region)
            {
                return entry.Range;
            }
        }

        throw VhdxErrors.Invalid(
            ErrorCode.VhdxRegionTableInvalid, path, "Region table", _fileOffset, $"without the {name} region",
            $"an entry {{{region}}}");
    }

    public void WriteTo(Span<byte> target)
    {
        target[..Size].Clear();
        Signature.CopyTo(target);
        BinaryPrimitives.WriteUInt32LittleEndian(target[EntryCountOffset..], (uint)Entries.Count);
        for (int index = 0; index < Entries.Count; index++)
        {
            Entries[index].WriteTo(target[(EntriesOffset + (index * VhdxRegionEntry.Size))..]);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(target[ChecksumOffset..], Crc32C.Compute(target[..Size], ChecksumOffset));
    }

    private void CheckOverlaps(List<(FileRange Range, string Name, long? FieldOffset)> placed, string path)
    {
        placed.RemoveAll(place => place.Range.Length == 0);
        placed.Sort((left, right) => left.Range.Offset.CompareTo(right.Range.Offset));
        for (int index = 1; index < placed.Count; index++)
        {
            (FileRange before, string beforeName, long? beforeOffset) = placed[index - 1];
            (FileRange range, string name, long? fieldOffset) = placed[index];
            if (before.End > range.Offset)
            {
                throw VhdxErrors.Invalid(
                    ErrorCode.VhdxRegionTableInvalid, path, "Region FileOffset", fieldOffset ?? beforeOffset ?? _fileOffset,
                    $"in conflict: the {beforeName} at 0x{before.Offset:X} to 0x{before.End:X} and the {name} at "
                    + $"0x{range.Offset:X} to 0x{range.End:X} overlap", "regions and a log that do not overlap");
            }
        }
    }
}
