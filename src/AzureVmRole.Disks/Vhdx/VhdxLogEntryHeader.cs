using System.Buffers.Binary;

namespace AzureVmRole.Disks.Vhdx;

/// <summary>The start of a log entry ([MS-VHDX] section 2.3.1.1).</summary>
internal readonly record struct VhdxLogEntryHeader(
    uint Checksum,
    uint EntryLength,
    uint Tail,
    ulong SequenceNumber,
    uint DescriptorCount,
    Guid LogGuid,
    ulong FlushedFileOffset,
    ulong LastFileOffset)
{
    public const int Size = 64;
    public const int ChecksumOffset = 4;
    public const int FlushedFileOffsetOffset = 48;
    public const int LastFileOffsetOffset = 56;

    private const int EntryLengthOffset = 8;
    private const int TailOffset = 12;
    private const int SequenceNumberOffset = 16;
    private const int DescriptorCountOffset = 24;
    private const int LogGuidOffset = 32;
    private const int GuidSize = 16;

    /// <summary>Sectors that header and descriptors take.</summary>
    public long DescriptorSectorCount =>
        (Size + (DescriptorCount * (long)VhdxLogDescriptor.Size) + VhdxFormat.LogSectorSize - 1) / VhdxFormat.LogSectorSize;

    public int SectorCount => (int)(EntryLength / VhdxFormat.LogSectorSize);

    public int TailSector => (int)(Tail / VhdxFormat.LogSectorSize);

    private static ReadOnlySpan<byte> Signature => "loge"u8;

    /// <summary>Reads a header; false where none is: most sectors of a log are stale or zero.</summary>
    public static bool TryParse(ReadOnlySpan<byte> source, out VhdxLogEntryHeader header)
    {
        if (source.Length < Size || !source.StartsWith(Signature))
        {
            header = default;
            return false;
        }

        header = new VhdxLogEntryHeader(
            BinaryPrimitives.ReadUInt32LittleEndian(source[ChecksumOffset..]),
            BinaryPrimitives.ReadUInt32LittleEndian(source[EntryLengthOffset..]),
            BinaryPrimitives.ReadUInt32LittleEndian(source[TailOffset..]),
            BinaryPrimitives.ReadUInt64LittleEndian(source[SequenceNumberOffset..]),
            BinaryPrimitives.ReadUInt32LittleEndian(source[DescriptorCountOffset..]),
            new Guid(source.Slice(LogGuidOffset, GuidSize)),
            BinaryPrimitives.ReadUInt64LittleEndian(source[FlushedFileOffsetOffset..]),
            BinaryPrimitives.ReadUInt64LittleEndian(source[LastFileOffsetOffset..]));
        return true;
    }

    /// <summary>Whether the entry can belong to a log.</summary>
    public bool Fits(long logLength, Guid logGuid) =>
        LogGuid == logGuid
        && SequenceNumber > 0
        && EntryLength > 0 && EntryLength % VhdxFormat.LogSectorSize == 0 && EntryLength <= logLength
        && Tail % VhdxFormat.LogSectorSize == 0 && Tail < logLength
        && DescriptorSectorCount <= SectorCount;
}
