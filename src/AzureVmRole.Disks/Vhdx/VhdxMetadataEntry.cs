using System.Buffers.Binary;

namespace AzureVmRole.Disks.Vhdx;

/// <summary>One entry of the metadata table ([MS-VHDX] section 2.6.1.2).</summary>
internal readonly record struct VhdxMetadataEntry(Guid ItemId, uint Offset, uint Length, uint Flags)
{
    public const int Size = 32;
    public const int OffsetOffset = 16;
    public const uint IsUserFlag = 1;
    public const uint IsVirtualDiskFlag = 2;
    public const uint IsRequiredFlag = 4;

    private const int LengthOffset = 20;
    private const int FlagsOffset = 24;
    private const int MaximumLength = VhdxFormat.MiB;

    public bool IsUser => (Flags & IsUserFlag) != 0;

    public long End => (long)Offset + Length;

    public static VhdxMetadataEntry Parse(ReadOnlySpan<byte> source, string path, long fileOffset)
    {
        VhdxErrors.CheckLength(source, Size, "Metadata table entry", path, fileOffset);
        return new VhdxMetadataEntry(
            new Guid(source[..OffsetOffset]),
            BinaryPrimitives.ReadUInt32LittleEndian(source[OffsetOffset..]),
            BinaryPrimitives.ReadUInt32LittleEndian(source[LengthOffset..]),
            BinaryPrimitives.ReadUInt32LittleEndian(source[FlagsOffset..]));
    }

    public void Validate(string path, long entryOffset, long regionLength)
    {
        bool isKnown = !IsUser && VhdxMetadataItem.IsKnown(ItemId);
        if ((Flags & IsRequiredFlag) != 0 && !isKnown)
        {
            throw new DiskFormatException(
                ErrorCode.DiskFormatUnsupported, path, "ItemId", entryOffset,
                $"'{path}' needs the metadata item {{{ItemId}}} (entry at offset 0x{entryOffset:X}), which is not known here: "
                + "expected no required items besides those of [MS-VHDX] section 2.6.2.",
                "Convert the disk with the program that made it.");
        }

        if (Length > MaximumLength || (Length == 0 && Offset != 0))
        {
            throw VhdxErrors.Invalid(
                ErrorCode.VhdxMetadataInvalid, path, "Metadata Length", entryOffset + LengthOffset, $"{Length}",
                "at most 1 MiB, and above 0 for an item with an offset");
        }

        if (Length > 0 && (Offset < VhdxMetadataTable.Size || End > regionLength))
        {
            throw VhdxErrors.Invalid(
                ErrorCode.VhdxMetadataInvalid, path, "Metadata Offset", entryOffset + OffsetOffset,
                $"0x{Offset:X} with {Length} bytes to follow",
                $"the item between the table's end 0x{VhdxMetadataTable.Size:X} and the region's end 0x{regionLength:X}");
        }
    }

    public void WriteTo(Span<byte> target)
    {
        target[..Size].Clear();
        ItemId.TryWriteBytes(target);
        BinaryPrimitives.WriteUInt32LittleEndian(target[OffsetOffset..], Offset);
        BinaryPrimitives.WriteUInt32LittleEndian(target[LengthOffset..], Length);
        BinaryPrimitives.WriteUInt32LittleEndian(target[FlagsOffset..], Flags);
    }
}
