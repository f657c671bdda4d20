using System.Buffers.Binary;

namespace AzureVmRole.Disks.Vhdx;

/// <summary>
/// One write that a log entry asks for: a sector of data ([MS-VHDX] section 2.3.1.3), or a run of zeros (2.3.1.2).
/// </summary>
internal readonly record struct VhdxLogDescriptor(
    bool IsZero, uint TrailingBytes, ulong LeadingBytesOrZeroLength, ulong FileOffset, ulong SequenceNumber)
{
    public const int Size = 32;
    public const int FileOffsetOffset = 16;

    private const int SignatureSize = 4;
    private const int TrailingBytesOffset = 4;
    private const int LeadingBytesOffset = 8;
    private const int SequenceNumberOffset = 24;

    private static ReadOnlySpan<byte> DataSignature => "desc"u8;

    private static ReadOnlySpan<byte> ZeroSignature => "zero"u8;

    /// <summary>Reads a descriptor; false where it breaks a rule, and with it its entry.</summary>
    public static bool TryParse(ReadOnlySpan<byte> source, ulong sequenceNumber, out VhdxLogDescriptor descriptor)
    {
        bool isZero = source.StartsWith(ZeroSignature);
        descriptor = default;
        if (source.Length < Size || (!isZero && !source.StartsWith(DataSignature)))
        {
            return false;
        }

        descriptor = new VhdxLogDescriptor(
            isZero,
            BinaryPrimitives.ReadUInt32LittleEndian(source[TrailingBytesOffset..]),
            BinaryPrimitives.ReadUInt64LittleEndian(source[LeadingBytesOffset..]),
            BinaryPrimitives.ReadUInt64LittleEndian(source[FileOffsetOffset..]),
            BinaryPrimitives.ReadUInt64LittleEndian(source[SequenceNumberOffset..]));
        return descriptor.SequenceNumber == sequenceNumber
            && descriptor.FileOffset % VhdxFormat.LogSectorSize == 0
            && (!isZero || descriptor.LeadingBytesOrZeroLength % VhdxFormat.LogSectorSize == 0);
    }

    /// <summary>Whether a sector is the data sector of an entry ([MS-VHDX] section 2.3.1.4).</summary>
    public static bool IsDataSector(ReadOnlySpan<byte> sector, ulong sequenceNumber) =>
        sector.StartsWith("data"u8)
        && BinaryPrimitives.ReadUInt32LittleEndian(sector[SignatureSize..]) == (uint)(sequenceNumber >> 32)
        && BinaryPrimitives.ReadUInt32LittleEndian(sector[^sizeof(uint)..]) == (uint)(sequenceNumber & uint.MaxValue);

    /// <summary>Puts back what the log's own marks displaced, at the start and the end of a data sector.</summary>
    public void RestoreSector(Span<byte> sector)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(sector, LeadingBytesOrZeroLength);
        BinaryPrimitives.WriteUInt32LittleEndian(sector[^sizeof(uint)..], TrailingBytes);
    }
}
