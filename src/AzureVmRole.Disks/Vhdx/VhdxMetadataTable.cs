using System.Buffers.Binary;

namespace AzureVmRole.Disks.Vhdx;

/// <summary>The table at the start of the metadata region ([MS-VHDX] section 2.6.1).</summary>
internal sealed class VhdxMetadataTable
{
    public const int Size = VhdxFormat.Kib64;

    private const int HeaderSize = 32;
    private const int MaximumEntryCount = 2047;
    private const int EntryCountOffset = 10;

    private readonly long _fileOffset;

    public VhdxMetadataTable(IReadOnlyList<VhdxMetadataEntry> entries, long fileOffset)
    {
        Entries = entries;
        _fileOffset = fileOffset;
    }

    public IReadOnlyList<VhdxMetadataEntry> Entries { get; }

    private static ReadOnlySpan<byte> Signature => "metadata"u8;

    public static VhdxMetadataTable Parse(ReadOnlySpan<byte> source, string path, long fileOffset)
    {
        VhdxErrors.CheckLength(source, Size, "Metadata table", path, fileOffset);
        if (!source.StartsWith(Signature))
        {
            throw VhdxErrors.Invalid(
                ErrorCode.VhdxMetadataInvalid, path, "Metadata table Signature", fileOffset,
                Convert.ToHexString(source[..Signature.Length]), "'metadata'");
        }

        int count = BinaryPrimitives.ReadUInt16LittleEndian(source[EntryCountOffset..]);
        if (count > MaximumEntryCount)
        {
            throw VhdxErrors.Invalid(
                ErrorCode.VhdxMetadataInvalid, path, "Metadata table EntryCount", fileOffset + EntryCountOffset,
                $"{count}", $"at most {MaximumEntryCount}");
        }

        var entries = new VhdxMetadataEntry[count];
        for (int index = 0; index < entries.Length; index++)
        {
            int offset = HeaderSize + (index * VhdxMetadataEntry.Size);
            entries[index] = VhdxMetadataEntry.Parse(source[offset..], path, fileOffset + offset);
        }

        return new VhdxMetadataTable(entries, fileOffset);
    }

    /// <summary>Checks every entry, and that no item comes twice or overlaps another.</summary>
    public void Validate(string path, long regionLength)
    {
        var seen = new HashSet<(Guid, bool)>();
        for (int index = 0; index < Entries.Count; index++)
        {
            VhdxMetadataEntry entry = Entries[index];
            entry.Validate(path, EntryOffset(index), regionLength);
            if (!seen.Add((entry.ItemId, entry.IsUser)))
            {
                throw VhdxErrors.Invalid(
                    ErrorCode.VhdxMetadataInvalid, path, "ItemId", EntryOffset(index), $"{{{entry.ItemId}}} again",
                    "each item once");
            }
        }

        int[] order = Enumerable.Range(0, Entries.Count).Where(index => Entries[index].Length > 0)
            .OrderBy(index => Entries[index].Offset).ToArray();
        for (int place = 1; place < order.Length; place++)
        {
            VhdxMetadataEntry before = Entries[order[place - 1]];
            VhdxMetadataEntry entry = Entries[order[place]];
            if (before.End > entry.Offset)
            {
                throw VhdxErrors.Invalid(
                    ErrorCode.VhdxMetadataInvalid, path, "Metadata Offset",
                    EntryOffset(order[place]) + VhdxMetadataEntry.OffsetOffset,
                    $"0x{entry.Offset:X} for {{{entry.ItemId}}}",
                    $"an offset after item {{{before.ItemId}}}, which ends at 0x{before.End:X}");
            }
        }
    }

    /// <summary>The system item with an id, or null.</summary>
    public VhdxMetadataEntry? Find(Guid itemId)
    {
        foreach (VhdxMetadataEntry entry in Entries)
        {
            if (entry.ItemId == itemId && !entry.IsUser)
            {
                return entry;
            }
        }

        return null;
    }

    public void WriteTo(Span<byte> target)
    {
        target[..Size].Clear();
        Signature.CopyTo(target);
        BinaryPrimitives.WriteUInt16LittleEndian(target[EntryCountOffset..], (ushort)Entries.Count);
        for (int index = 0; index < Entries.Count; index++)
        {
            Entries[index].WriteTo(target[(HeaderSize + (index * VhdxMetadataEntry.Size))..]);
        }
    }

    private long EntryOffset(int index) => _fileOffset + HeaderSize + (index * VhdxMetadataEntry.Size);
}
