using System.Buffers.Binary;

namespace AzureVmRole.Disks.Partitions;

/// <summary>The 512 bytes of an MBR or EBR (UEFI Specification 2.10, section 5.2.1).</summary>
internal static class MbrSector
{
    public const int Size = 512;
    public const int EntryCount = 4;

    private const int DiskSignatureOffset = 440;
    private const int EntriesOffset = 446;
    private const int BootSignatureOffset = 510;
    private const ushort BootSignature = 0xAA55;

    public static bool HasBootSignature(ReadOnlySpan<byte> sector) =>
        BinaryPrimitives.ReadUInt16LittleEndian(sector[BootSignatureOffset..]) == BootSignature;

    public static uint ReadDiskSignature(ReadOnlySpan<byte> sector) =>
        BinaryPrimitives.ReadUInt32LittleEndian(sector[DiskSignatureOffset..]);

    public static MbrEntry ReadEntry(ReadOnlySpan<byte> sector, int index) =>
        MbrEntry.Parse(sector.Slice(EntriesOffset + (index * MbrEntry.Size), MbrEntry.Size));

    /// <summary>Where an entry is in the sector, in bytes.</summary>
    public static int EntryOffset(int index) => EntriesOffset + (index * MbrEntry.Size);

    /// <summary>The sector with a single protective entry; the boot code and the disk signature stay.</summary>
    public static byte[] WithProtectiveEntry(ReadOnlySpan<byte> sector, long sectorCount)
    {
        byte[] result = sector.ToArray();
        result.AsSpan(EntriesOffset, EntryCount * MbrEntry.Size).Clear();
        var entry = new MbrEntry(0, MbrEntry.ProtectiveType, 1, ProtectiveLength(sectorCount));
        entry.WriteTo(result.AsSpan(EntriesOffset, MbrEntry.Size));
        BinaryPrimitives.WriteUInt16LittleEndian(result.AsSpan(BootSignatureOffset), BootSignature);
        return result;
    }

    /// <summary>The sector with another length in one entry.</summary>
    public static byte[] WithEntryLength(ReadOnlySpan<byte> sector, int index, uint sectorCount)
    {
        byte[] result = sector.ToArray();
        BinaryPrimitives.WriteUInt32LittleEndian(
            result.AsSpan(EntryOffset(index) + MbrEntry.SectorCountOffset), sectorCount);
        return result;
    }

    /// <summary>The length of a protective entry on a disk: all but sector 0, or as much as fits.</summary>
    public static uint ProtectiveLength(long sectorCount) => (uint)Math.Min(sectorCount - 1, uint.MaxValue);
}
