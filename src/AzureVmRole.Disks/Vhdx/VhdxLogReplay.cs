using AzureVmRole.Disks.Files;

namespace AzureVmRole.Disks.Vhdx;

/// <summary>
/// Applies a log that its writer had no time to apply: in memory, over the file, which stays as it is
/// ([MS-VHDX] section 2.3.3).
/// </summary>
internal sealed class VhdxLogReplay
{
    // Tables and sector bitmaps only: a writer that logs more at once is not known.
    private const int MaximumData = 32 * VhdxFormat.MiB;
    private const ulong MaximumZeros = 16UL << 30;
    private const int ZeroPieceSize = VhdxFormat.MiB;

    private static readonly byte[] Zeros = new byte[ZeroPieceSize];

    private readonly DiskFile _file;
    private readonly FileRange _range;
    private readonly VhdxLog _log;
    private int _dataLength;
    private ulong _zeroLength;

    private VhdxLogReplay(DiskFile file, VhdxHeader header)
    {
        _file = file;
        _range = header.Log;
        _log = new VhdxLog(file, header.Log, header.LogGuid);
    }

    /// <summary>Replays the log where there is one.</summary>
    /// <exception cref="DiskFormatException">The log cannot be replayed.</exception>
    public static void Run(DiskFile file, VhdxHeader header, List<DiskFinding> findings)
    {
        if (header.LogGuid == Guid.Empty)
        {
            return;
        }

        if (header.LogLength is 0 or > VhdxFormat.MaximumLogLength || header.Log.End > file.Length)
        {
            throw VhdxErrors.Invalid(
                ErrorCode.VhdxLogInvalid, file.Path, "Log", header.Log.Offset, $"{header.LogLength} bytes long",
                $"1 to 64 MiB inside the file of {file.Length} bytes, as there is something to replay", VhdxLog.MountAction);
        }

        int count = new VhdxLogReplay(file, header).Apply();
        findings.Add(new DiskFinding
        {
            RuleId = "VhdxLogReplayed",
            Severity = FindingSeverity.Warning,
            Path = file.Path,
            Found = $"The disk was not closed properly: {count} log entries at offset 0x{header.LogOffset:X} "
                + "were not yet applied. They were applied in memory for reading.",
            Expected = "An empty log.",
            Remedy = "Close the disk properly in the program that has it open, or convert it with Convert-BaseVhd.",
        });
    }

    private int Apply()
    {
        IReadOnlyList<VhdxLogEntry> sequence = VhdxLogSequence.FindActive(_log);
        if (sequence.Count == 0)
        {
            throw Invalid("Log", _range.Offset, "without a valid sequence of entries", "at least one: the log GUID is not zero");
        }

        VhdxLogEntry head = sequence[^1];
        long headOffset = _log.OffsetOf(head.Sector);
        if (head.Header.FlushedFileOffset > (ulong)_file.Length)
        {
            throw Invalid(
                "FlushedFileOffset", headOffset + VhdxLogEntryHeader.FlushedFileOffsetOffset,
                $"{head.Header.FlushedFileOffset}", $"at most the file's length {_file.Length}: the file was cut");
        }

        if (head.Header.LastFileOffset > VhdxFormat.MaximumFileLength)
        {
            throw Invalid(
                "LastFileOffset", headOffset + VhdxLogEntryHeader.LastFileOffsetOffset, $"{head.Header.LastFileOffset}",
                "at most 256 TiB");
        }

        foreach (VhdxLogEntry entry in sequence)
        {
            Apply(entry);
        }

        _file.OverlayLength(Math.Max(_file.Length, (long)head.Header.LastFileOffset));
        return sequence.Count;
    }

    private void Apply(VhdxLogEntry entry)
    {
        long dataSector = entry.Sector + entry.Header.DescriptorSectorCount;
        for (int index = 0; index < entry.Header.DescriptorSectorCount; index++)
        {
            foreach ((VhdxLogDescriptor descriptor, long descriptorOffset) in _log.ReadDescriptors(entry, index))
            {
                long fieldOffset = descriptorOffset + VhdxLogDescriptor.FileOffsetOffset;
                if (descriptor.IsZero)
                {
                    ApplyZeros(descriptor, fieldOffset);
                }
                else
                {
                    ApplyData(descriptor, fieldOffset, dataSector);
                    dataSector++;
                }
            }
        }
    }

    private void ApplyData(VhdxLogDescriptor descriptor, long fieldOffset, long dataSector)
    {
        CheckRange("Data descriptor FileOffset", fieldOffset, descriptor.FileOffset, VhdxFormat.LogSectorSize);
        _dataLength += VhdxFormat.LogSectorSize;
        if (_dataLength > MaximumData)
        {
            throw Invalid("Log", _range.Offset, "with more data to replay", $"at most {MaximumData} bytes");
        }

        byte[] sector = new byte[VhdxFormat.LogSectorSize];
        _log.ReadSector(dataSector, sector);
        descriptor.RestoreSector(sector);
        _file.Overlay((long)descriptor.FileOffset, sector);
    }

    private void ApplyZeros(VhdxLogDescriptor descriptor, long fieldOffset)
    {
        ulong length = descriptor.LeadingBytesOrZeroLength;
        CheckRange("Zero descriptor FileOffset", fieldOffset, descriptor.FileOffset, length);
        _zeroLength += length;
        if (_zeroLength > MaximumZeros)
        {
            throw Invalid("Log", _range.Offset, "with more zeros to replay", $"at most {MaximumZeros} bytes");
        }

        // Only what holds data needs to be covered; holes and what lies beyond the end are zeros already.
        long start = (long)descriptor.FileOffset;
        foreach (FileRange data in _file.EnumerateData(start, (long)length).ToArray())
        {
            for (long done = 0; done < data.Length; done += ZeroPieceSize)
            {
                int piece = (int)Math.Min(ZeroPieceSize, data.Length - done);
                _file.Overlay(data.Offset + done, Zeros.AsMemory(0, piece));
            }
        }

        _file.OverlayLength(Math.Max(_file.Length, start + (long)length));
    }

    private void CheckRange(string field, long fieldOffset, ulong fileOffset, ulong length)
    {
        bool isTooFar = fileOffset > VhdxFormat.MaximumFileLength || length > VhdxFormat.MaximumFileLength - fileOffset;
        if (isTooFar || (fileOffset < (ulong)_range.End && fileOffset + length > (ulong)_range.Offset))
        {
            throw Invalid(
                field, fieldOffset, $"0x{fileOffset:X} with {length} bytes to follow", "an end before 256 TiB, outside the log");
        }
    }

    private DiskFormatException Invalid(string field, long fileOffset, string found, string expected) =>
        VhdxErrors.Invalid(ErrorCode.VhdxLogInvalid, _file.Path, field, fileOffset, found, expected, VhdxLog.MountAction);
}
