using System.Buffers.Binary;
using AzureVmRole.Disks.Files;

namespace AzureVmRole.Disks.Vhdx;

/// <summary>One entry of the region table ([MS-VHDX] section 2.2.3.2).</summary>
internal readonly record struct VhdxRegionEntry(Guid Region, ulong FileOffset, uint Length, uint Required)
{
    public const int Size = 32;
    public const int FileOffsetOffset = 16;

    private const int LengthOffset = 24;
    private const int RequiredOffset = 28;

    /// <summary>Where the region is; meaningful once validated.</summary>
    public FileRange Range => new((long)FileOffset, Length);

    private bool IsKnown => Region == VhdxFormat.BatRegion || Region == VhdxFormat.MetadataRegion;

    public static VhdxRegionEntry Parse(ReadOnlySpan<byte> source, string path, long fileOffset)
    {
        VhdxErrors.CheckLength(source, Size, "Region table entry", path, fileOffset);
        return new VhdxRegionEntry(
            new Guid(source[..FileOffsetOffset]),
            BinaryPrimitives.ReadUInt64LittleEndian(source[FileOffsetOffset..]),
            BinaryPrimitives.ReadUInt32LittleEndian(source[LengthOffset..]),
            BinaryPrimitives.ReadUInt32LittleEndian(source[RequiredOffset..]));
    }

    public void Validate(string path, long entryOffset, long fileLength)
    {
        if (Required != 0 && !IsKnown)
        {
            throw new DiskFormatException(
                ErrorCode.DiskFormatUnsupported, path, "Region Guid", entryOffset,
                $"'{path}' needs the region {{{Region}}} (entry at offset 0x{entryOffset:X}), which is not known here: expected "
                + "no required region besides the BAT and the metadata.",
                "Convert the disk with the program that made it.");
        }

        if (FileOffset % VhdxFormat.Alignment != 0 || FileOffset < VhdxFormat.HeaderSectionSize
            || FileOffset > VhdxFormat.MaximumFileLength)
        {
            throw VhdxErrors.Invalid(
                ErrorCode.VhdxRegionTableInvalid, path, "Region FileOffset", entryOffset + FileOffsetOffset,
                $"0x{FileOffset:X}", "a multiple of 1 MiB after the header section and before 256 TiB");
        }

        if (Length == 0 || Length % VhdxFormat.Alignment != 0)
        {
            throw VhdxErrors.Invalid(
                ErrorCode.VhdxRegionTableInvalid, path, "Region Length", entryOffset + LengthOffset, $"{Length}",
                "a multiple of 1 MiB above 0");
        }

        if (IsKnown && Range.End > fileLength)
        {
            throw VhdxErrors.Invalid(
                ErrorCode.VhdxRegionTableInvalid, path, "Region FileOffset", entryOffset + FileOffsetOffset,
                $"0x{FileOffset:X} with {Length} bytes to follow", $"the region to end inside the file of {fileLength} bytes",
                "Get a complete copy of the file.");
        }
    }

    public void WriteTo(Span<byte> target)
    {
        Region.TryWriteBytes(target);
        BinaryPrimitives.WriteUInt64LittleEndian(target[FileOffsetOffset..], FileOffset);
        BinaryPrimitives.WriteUInt32LittleEndian(target[LengthOffset..], Length);
        BinaryPrimitives.WriteUInt32LittleEndian(target[RequiredOffset..], Required);
    }
}
