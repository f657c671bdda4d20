using System.Buffers.Binary;
using AzureVmRole.Disks.Files;

namespace AzureVmRole.Disks.Vhdx;

/// <summary>One of the two headers ([MS-VHDX] section 2.2.2).</summary>
internal readonly record struct VhdxHeader(
    ulong SequenceNumber,
    Guid FileWriteGuid,
    Guid DataWriteGuid,
    Guid LogGuid,
    ushort LogVersion,
    ushort Version,
    uint LogLength,
    ulong LogOffset)
{
    public const int Size = 4096;
    public const ushort CurrentVersion = 1;
    public const int SequenceNumberOffset = 8;

    private const int ChecksumOffset = 4;
    private const int FileWriteGuidOffset = 16;
    private const int DataWriteGuidOffset = 32;
    private const int LogGuidOffset = 48;
    private const int LogVersionOffset = 64;
    private const int VersionOffset = 66;
    private const int LogLengthOffset = 68;
    private const int LogOffsetOffset = 72;
    private const int GuidSize = 16;

    /// <summary>Where the log is; meaningful once validated.</summary>
    public FileRange Log => new((long)LogOffset, LogLength);

    private static ReadOnlySpan<byte> Signature => "head"u8;

    public static VhdxHeader Parse(ReadOnlySpan<byte> source, string path, long fileOffset)
    {
        VhdxErrors.CheckLength(source, Size, "Header", path, fileOffset);
        if (!source.StartsWith(Signature))
        {
            throw VhdxErrors.Invalid(
                ErrorCode.VhdxHeaderInvalid, path, "Header Signature", fileOffset,
                Convert.ToHexString(source[..Signature.Length]), "'head'");
        }

        return new VhdxHeader(
            BinaryPrimitives.ReadUInt64LittleEndian(source[SequenceNumberOffset..]),
            new Guid(source.Slice(FileWriteGuidOffset, GuidSize)),
            new Guid(source.Slice(DataWriteGuidOffset, GuidSize)),
            new Guid(source.Slice(LogGuidOffset, GuidSize)),
            BinaryPrimitives.ReadUInt16LittleEndian(source[LogVersionOffset..]),
            BinaryPrimitives.ReadUInt16LittleEndian(source[VersionOffset..]),
            BinaryPrimitives.ReadUInt32LittleEndian(source[LogLengthOffset..]),
            BinaryPrimitives.ReadUInt64LittleEndian(source[LogOffsetOffset..]));
    }

    public static void ValidateChecksum(ReadOnlySpan<byte> source, string path, long fileOffset) =>
        VhdxErrors.CheckChecksum(
            source[..Size], ChecksumOffset, ErrorCode.VhdxHeaderInvalid, "Header Checksum", path, fileOffset);

    /// <summary>Checks the fields of the current header; those of the other one do not matter.</summary>
    public void Validate(string path, long fileOffset)
    {
        if (Version != CurrentVersion)
        {
            throw VhdxErrors.Invalid(
                ErrorCode.VhdxHeaderInvalid, path, "Version", fileOffset + VersionOffset, $"{Version}", $"{CurrentVersion}",
                null);
        }

        if (LogLength % VhdxFormat.Alignment != 0)
        {
            throw VhdxErrors.Invalid(
                ErrorCode.VhdxHeaderInvalid, path, "LogLength", fileOffset + LogLengthOffset, $"{LogLength}",
                "a multiple of 1 MiB");
        }

        if (LogOffset % VhdxFormat.Alignment != 0 || LogOffset < VhdxFormat.HeaderSectionSize
            || LogOffset > VhdxFormat.MaximumFileLength)
        {
            throw VhdxErrors.Invalid(
                ErrorCode.VhdxHeaderInvalid, path, "LogOffset", fileOffset + LogOffsetOffset, $"0x{LogOffset:X}",
                "a multiple of 1 MiB after the header section and before 256 TiB");
        }

        if (LogGuid != Guid.Empty && LogVersion != 0)
        {
            throw VhdxErrors.Invalid(
                ErrorCode.VhdxLogInvalid, path, "LogVersion", fileOffset + LogVersionOffset, $"{LogVersion}",
                "0 where there is a log to replay", VhdxLog.MountAction);
        }
    }

    public void WriteTo(Span<byte> target)
    {
        target[..Size].Clear();
        Signature.CopyTo(target);
        BinaryPrimitives.WriteUInt64LittleEndian(target[SequenceNumberOffset..], SequenceNumber);
        FileWriteGuid.TryWriteBytes(target[FileWriteGuidOffset..]);
        DataWriteGuid.TryWriteBytes(target[DataWriteGuidOffset..]);
        LogGuid.TryWriteBytes(target[LogGuidOffset..]);
        BinaryPrimitives.WriteUInt16LittleEndian(target[LogVersionOffset..], LogVersion);
        BinaryPrimitives.WriteUInt16LittleEndian(target[VersionOffset..], Version);
        BinaryPrimitives.WriteUInt32LittleEndian(target[LogLengthOffset..], LogLength);
        BinaryPrimitives.WriteUInt64LittleEndian(target[LogOffsetOffset..], LogOffset);
        BinaryPrimitives.WriteUInt32LittleEndian(target[ChecksumOffset..], Crc32C.Compute(target[..Size], ChecksumOffset));
    }
}
