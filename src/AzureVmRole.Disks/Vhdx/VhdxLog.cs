using System.Buffers.Binary;
using AzureVmRole.Disks.Files;

namespace AzureVmRole.Disks.Vhdx;

/// <summary>The log as a ring of sectors, and the check of a single entry in it ([MS-VHDX] sections 2.3 and 2.3.1).</summary>
internal sealed class VhdxLog
{
    public const string MountAction =
        "Attach the disk once for writing where it was made, which replays or resets its log, or restore it from a backup.";

    // Entries of one generation never overlap, and few generations leave whole entries behind: far less than this is read.
    private const long CheckedLogsAtMost = 16;

    private readonly DiskFile _file;
    private readonly FileRange _range;
    private readonly Guid _guid;
    private readonly byte[] _sector = new byte[VhdxFormat.LogSectorSize];
    private long _sectorsToCheck;

    public VhdxLog(DiskFile file, FileRange range, Guid guid)
    {
        _file = file;
        _range = range;
        _guid = guid;
        SectorCount = (int)(range.Length / VhdxFormat.LogSectorSize);
        _sectorsToCheck = (SectorCount * CheckedLogsAtMost) + (64 * VhdxFormat.MiB / VhdxFormat.LogSectorSize);
    }

    public int SectorCount { get; }

    public int Wrap(long sector) => (int)(sector % SectorCount);

    /// <summary>Where a sector is in the file.</summary>
    public long OffsetOf(long sector) => _range.Offset + (Wrap(sector) * (long)VhdxFormat.LogSectorSize);

    public void ReadSector(long sector, Span<byte> target) => _file.ReadExactly(OffsetOf(sector), target);

    /// <summary>The entry that starts at a sector, or null where no valid one does.</summary>
    /// <exception cref="DiskFormatException">The log has more overlapping entries than can be honest.</exception>
    public VhdxLogEntry? TryReadEntry(int sector)
    {
        ReadSector(sector, _sector);
        if (!VhdxLogEntryHeader.TryParse(_sector, out VhdxLogEntryHeader header) || !header.Fits(_range.Length, _guid))
        {
            return null;
        }

        long dataSectorsEnd = header.DescriptorSectorCount;
        uint checksum = Crc32C.Start;
        for (int index = 0; index < header.SectorCount; index++)
        {
            if (_sectorsToCheck-- == 0)
            {
                throw VhdxErrors.Invalid(
                    ErrorCode.VhdxLogInvalid, _file.Path, "Log", _range.Offset, "full of entries that overlap",
                    "entries one after the other", MountAction);
            }

            ReadSector((long)sector + index, _sector);
            bool isGood = index < header.DescriptorSectorCount
                ? TryCountData(header, index, ref dataSectorsEnd)
                : index >= dataSectorsEnd || VhdxLogDescriptor.IsDataSector(_sector, header.SequenceNumber);
            if (!isGood || dataSectorsEnd > header.SectorCount)
            {
                return null;
            }

            if (index == 0)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(_sector.AsSpan(VhdxLogEntryHeader.ChecksumOffset), 0);
            }

            checksum = Crc32C.Append(checksum, _sector);
        }

        return Crc32C.Finish(checksum) == header.Checksum ? new VhdxLogEntry(sector, header) : null;
    }

    /// <summary>The descriptors in one sector of an entry, with their offsets in the file.</summary>
    public IEnumerable<(VhdxLogDescriptor Descriptor, long FileOffset)> ReadDescriptors(VhdxLogEntry entry, int sectorIndex)
    {
        byte[] sector = new byte[VhdxFormat.LogSectorSize];
        ReadSector((long)entry.Sector + sectorIndex, sector);
        (int first, int count) = DescriptorsIn(entry.Header, sectorIndex);
        for (int index = 0; index < count; index++)
        {
            int offset = first + (index * VhdxLogDescriptor.Size);
            if (VhdxLogDescriptor.TryParse(
                sector.AsSpan(offset), entry.Header.SequenceNumber, out VhdxLogDescriptor descriptor))
            {
                yield return (descriptor, OffsetOf((long)entry.Sector + sectorIndex) + offset);
            }
        }
    }

    // The first sector starts with the header; the others hold descriptors from their start on.
    private static (int FirstOffset, int Count) DescriptorsIn(VhdxLogEntryHeader header, int sectorIndex)
    {
        const int headerSlots = VhdxLogEntryHeader.Size / VhdxLogDescriptor.Size;
        const int slots = VhdxFormat.LogSectorSize / VhdxLogDescriptor.Size;
        long slotsLeft = header.DescriptorCount + headerSlots - (sectorIndex * (long)slots);
        int inSector = (int)Math.Clamp(slotsLeft, 0, slots);
        return sectorIndex == 0 ? (VhdxLogEntryHeader.Size, inSector - headerSlots) : (0, inSector);
    }

    private bool TryCountData(VhdxLogEntryHeader header, int sectorIndex, ref long dataSectorsEnd)
    {
        (int first, int count) = DescriptorsIn(header, sectorIndex);
        for (int index = 0; index < count; index++)
        {
            ReadOnlySpan<byte> source = _sector.AsSpan(first + (index * VhdxLogDescriptor.Size));
            if (!VhdxLogDescriptor.TryParse(source, header.SequenceNumber, out VhdxLogDescriptor descriptor))
            {
                return false;
            }

            dataSectorsEnd += descriptor.IsZero ? 0 : 1;
        }

        return true;
    }
}
