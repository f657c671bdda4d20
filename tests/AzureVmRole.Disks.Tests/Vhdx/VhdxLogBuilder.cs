using System.Buffers.Binary;
using System.Text;

namespace AzureVmRole.Disks.Tests.Vhdx;

/// <summary>Builds entries of a VHDX log byte by byte from [MS-VHDX] section 2.3, in the log of an image builder.</summary>
internal sealed class VhdxLogBuilder
{
    public const int SectorSize = 4096;
    public const int LogSectorCount = VhdxImageBuilder.MiB / SectorSize;

    private readonly VhdxImageBuilder _image;

    public VhdxLogBuilder(VhdxImageBuilder image)
    {
        _image = image;
        image.SetLogGuid(LogGuid);
    }

    public static Guid LogGuid { get; } = new("77777777-0000-1111-2222-333333333333");

    /// <summary>The GUID that the next entries carry.</summary>
    public Guid EntryGuid { get; set; } = LogGuid;

    /// <summary>FlushedFileOffset of the next entries.</summary>
    public ulong FlushedFileOffset { get; set; }

    /// <summary>LastFileOffset of the next entries.</summary>
    public ulong LastFileOffset { get; set; }

    /// <summary>Writes an entry at a sector of the log, wrapping at its end.</summary>
    /// <returns>The sector after the entry.</returns>
    public int Add(int sector, ulong sequenceNumber, int tailSector, params VhdxLogWrite[] writes)
    {
        byte[] entry = Build(sequenceNumber, tailSector, writes);
        for (int offset = 0; offset < entry.Length; offset += SectorSize)
        {
            int target = (sector + (offset / SectorSize)) % LogSectorCount;
            entry.AsSpan(offset, SectorSize).CopyTo(_image.Bytes.AsSpan(OffsetOf(target)));
        }

        return (sector + (entry.Length / SectorSize)) % LogSectorCount;
    }

    public static int OffsetOf(int sector) => VhdxImageBuilder.LogOffset + (sector * SectorSize);

    /// <summary>Mends the checksum of an entry that was changed; it must not wrap.</summary>
    public void Seal(int sector)
    {
        Span<byte> entry = _image.Bytes.AsSpan(OffsetOf(sector));
        Seal(entry[..BinaryPrimitives.ReadInt32LittleEndian(entry[8..])]);
    }

    private static void Seal(Span<byte> entry)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(entry[4..], 0);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[4..], ReferenceCrc32C.Compute(entry));
    }

    private byte[] Build(ulong sequenceNumber, int tailSector, VhdxLogWrite[] writes)
    {
        int descriptorSectors = (64 + (writes.Length * 32) + SectorSize - 1) / SectorSize;
        int dataCount = writes.Count(write => write.Data is not null);
        byte[] entry = new byte[(descriptorSectors + dataCount) * SectorSize];
        Encoding.ASCII.GetBytes("loge", entry);
        BinaryPrimitives.WriteInt32LittleEndian(entry.AsSpan(8), entry.Length);
        BinaryPrimitives.WriteInt32LittleEndian(entry.AsSpan(12), tailSector * SectorSize);
        BinaryPrimitives.WriteUInt64LittleEndian(entry.AsSpan(16), sequenceNumber);
        BinaryPrimitives.WriteInt32LittleEndian(entry.AsSpan(24), writes.Length);
        EntryGuid.TryWriteBytes(entry.AsSpan(32));
        BinaryPrimitives.WriteUInt64LittleEndian(entry.AsSpan(48), FlushedFileOffset);
        BinaryPrimitives.WriteUInt64LittleEndian(entry.AsSpan(56), LastFileOffset);
        int dataSector = descriptorSectors;
        for (int index = 0; index < writes.Length; index++)
        {
            Span<byte> descriptor = entry.AsSpan(64 + (index * 32), 32);
            BinaryPrimitives.WriteInt64LittleEndian(descriptor[16..], writes[index].FileOffset);
            BinaryPrimitives.WriteUInt64LittleEndian(descriptor[24..], sequenceNumber);
            if (writes[index].Data is { } data)
            {
                WriteData(descriptor, entry.AsSpan(dataSector * SectorSize, SectorSize), data, sequenceNumber);
                dataSector++;
            }
            else
            {
                Encoding.ASCII.GetBytes("zero", descriptor);
                BinaryPrimitives.WriteInt64LittleEndian(descriptor[8..], writes[index].ZeroLength);
            }
        }

        Seal(entry);
        return entry;
    }

    private static void WriteData(Span<byte> descriptor, Span<byte> sector, ReadOnlySpan<byte> data, ulong sequenceNumber)
    {
        Encoding.ASCII.GetBytes("desc", descriptor);
        data[^4..].CopyTo(descriptor[4..]);
        data[..8].CopyTo(descriptor[8..]);
        data.CopyTo(sector);
        Encoding.ASCII.GetBytes("data", sector);
        BinaryPrimitives.WriteUInt32LittleEndian(sector[4..], (uint)(sequenceNumber >> 32));
        BinaryPrimitives.WriteUInt32LittleEndian(sector[4092..], (uint)sequenceNumber);
    }
}
