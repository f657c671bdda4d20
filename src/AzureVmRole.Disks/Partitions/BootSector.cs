using System.Buffers.Binary;
using System.Numerics;

namespace AzureVmRole.Disks.Partitions;

/// <summary>
/// Tells the boot sector of a file system from a master boot record: both end in 55 AA, and a file system that fills a
/// whole disk (a superfloppy) has its boot sector where a partition table would be.
/// </summary>
internal static class BootSector
{
    private const int OemNameOffset = 3;
    private const int BytesPerSectorOffset = 11;
    private const int SectorsPerClusterOffset = 13;
    private const int ReservedSectorsOffset = 14;
    private const int FatCountOffset = 16;
    private const int MediaOffset = 21;

    /// <summary>Whether the sector has the jump and the parameter block of NTFS, exFAT or FAT.</summary>
    public static bool IsFileSystem(ReadOnlySpan<byte> sector)
    {
        bool jumps = sector[0] == 0xE9 || (sector[0] == 0xEB && sector[2] == 0x90);
        if (!jumps)
        {
            return false;
        }

        ReadOnlySpan<byte> oemName = sector[OemNameOffset..];
        return oemName.StartsWith("NTFS    "u8)
            || oemName.StartsWith("EXFAT   "u8)
            || oemName.StartsWith("ReFS"u8)
            || HasFatParameters(sector);
    }

    // Microsoft FAT specification, section 3.1: the values that a BIOS parameter block may hold.
    private static bool HasFatParameters(ReadOnlySpan<byte> sector) =>
        BinaryPrimitives.ReadUInt16LittleEndian(sector[BytesPerSectorOffset..]) is 512 or 1024 or 2048 or 4096
        && BitOperations.IsPow2((uint)sector[SectorsPerClusterOffset])
        && BinaryPrimitives.ReadUInt16LittleEndian(sector[ReservedSectorsOffset..]) > 0
        && sector[FatCountOffset] is 1 or 2
        && sector[MediaOffset] is 0xF0 or >= 0xF8;
}
