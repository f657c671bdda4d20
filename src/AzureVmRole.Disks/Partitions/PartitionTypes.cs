using System.Globalization;

namespace AzureVmRole.Disks.Partitions;

/// <summary>The names of well-known partition types.</summary>
internal static class PartitionTypes
{
    /// <summary>The EFI system partition.</summary>
    public static readonly Guid EfiSystem = new("C12A7328-F81F-11D2-BA4B-00A0C93EC93B");

    /// <summary>Where GRUB keeps its core on a GPT disk that boots from BIOS.</summary>
    public static readonly Guid BiosBoot = new("21686148-6449-6E6F-744E-656564454649");

    private static readonly Dictionary<byte, string> MbrNames = new()
    {
        [0x01] = "FAT12",
        [0x04] = "FAT16",
        [0x05] = "Extended",
        [0x06] = "FAT16",
        [0x07] = "NTFS/exFAT",
        [0x0B] = "FAT32",
        [0x0C] = "FAT32",
        [0x0E] = "FAT16",
        [0x0F] = "Extended",
        [0x11] = "Hidden FAT12",
        [0x12] = "OEM diagnostics",
        [0x14] = "Hidden FAT16",
        [0x16] = "Hidden FAT16",
        [0x17] = "Hidden NTFS",
        [0x1B] = "Hidden FAT32",
        [0x1C] = "Hidden FAT32",
        [0x1E] = "Hidden FAT16",
        [0x27] = "Windows Recovery",
        [0x42] = "Windows Dynamic Disk",
        [0x82] = "Linux Swap",
        [0x83] = "Linux",
        [0x85] = "Linux Extended",
        [0x8E] = "Linux LVM",
        [0xA5] = "FreeBSD",
        [0xA6] = "OpenBSD",
        [0xA8] = "macOS UFS",
        [0xA9] = "NetBSD",
        [0xAF] = "macOS HFS",
        [0xBF] = "Solaris",
        [0xEE] = "GPT Protective",
        [0xEF] = "EFI System",
        [0xFB] = "VMware VMFS",
        [0xFD] = "Linux RAID",
    };

    private static readonly Dictionary<Guid, string> GptNames = new()
    {
        [EfiSystem] = "EFI System",
        [BiosBoot] = "BIOS Boot",
        [new Guid("024DEE41-33E7-11D3-9D69-0008C781F39F")] = "MBR Partition Scheme",
        [new Guid("E3C9E316-0B5C-4DB8-817D-F92DF00215AE")] = "Microsoft Reserved",
        [new Guid("EBD0A0A2-B9E5-4433-87C0-68B6B72699C7")] = "Basic Data",
        [new Guid("DE94BBA4-06D1-4D40-A16A-BFD50179D6AC")] = "Windows Recovery",
        [new Guid("5808C8AA-7E8F-42E0-85D2-E1E90434CFB3")] = "Windows LDM Metadata",
        [new Guid("AF9B60A0-1431-4F62-BC68-3311714A69AD")] = "Windows LDM Data",
        [new Guid("E75CAF8F-F680-4CEE-AFA3-B001E56EFC2D")] = "Windows Storage Spaces",
        [new Guid("558D43C5-A1AC-43C0-AAC8-D1472B2923D1")] = "Windows Storage Replica",
        [new Guid("0FC63DAF-8483-4772-8E79-3D69D8477DE4")] = "Linux",
        [new Guid("4F68BCE3-E8CD-4DB1-96E7-FBCAF984B709")] = "Linux Root (x86-64)",
        [new Guid("44479540-F297-41B2-9AF7-D131D5F0458A")] = "Linux Root (x86)",
        [new Guid("B921B045-1DF0-41C3-AF44-4C6F280D3FAE")] = "Linux Root (ARM64)",
        [new Guid("8484680C-9521-48C6-9C11-B0720656F69E")] = "Linux Usr (x86-64)",
        [new Guid("933AC7E1-2EB4-4F13-B844-0E14E2AEF915")] = "Linux Home",
        [new Guid("3B8F8425-20E0-4F3B-907F-1A25A76F98E8")] = "Linux Server Data",
        [new Guid("4D21B016-B534-45C2-A9FB-5C16E091FD2D")] = "Linux Var",
        [new Guid("BC13C2FF-59E6-4262-A352-B275FD6F7172")] = "Linux Extended Boot",
        [new Guid("0657FD6D-A4AB-43C4-84E5-0933C84B4F4F")] = "Linux Swap",
        [new Guid("E6D6D379-F507-44C2-A23C-238F2A3DF928")] = "Linux LVM",
        [new Guid("A19D880F-05FC-4D3B-A006-743F0F84911E")] = "Linux RAID",
        [new Guid("CA7D7CCB-63ED-4C53-861C-1742536059CC")] = "Linux LUKS",
        [new Guid("8DA63339-0007-60C0-C436-083AC8230908")] = "Linux Reserved",
        [new Guid("9E1A2D38-C612-4316-AA26-8B49521E5A8B")] = "PowerPC PReP Boot",
        [new Guid("83BD6B9D-7F41-11DC-BE0B-001560B84F0F")] = "FreeBSD Boot",
        [new Guid("516E7CB6-6ECF-11D6-8FF8-00022D09712B")] = "FreeBSD UFS",
        [new Guid("516E7CB5-6ECF-11D6-8FF8-00022D09712B")] = "FreeBSD Swap",
        [new Guid("516E7CBA-6ECF-11D6-8FF8-00022D09712B")] = "FreeBSD ZFS",
        [new Guid("48465300-0000-11AA-AA11-00306543ECAC")] = "macOS HFS+",
        [new Guid("7C3457EF-0000-11AA-AA11-00306543ECAC")] = "macOS APFS",
        [new Guid("6A898CC3-1DD2-11B2-99A6-080020736631")] = "Solaris Usr/ZFS",
        [new Guid("AA31E02A-400F-11DB-9590-000C2911D1B8")] = "VMware VMFS",
    };

    /// <summary>The code of an MBR type, as <see cref="DiskPartition.TypeCode"/> holds it.</summary>
    public static string Code(byte type) => type.ToString("X2", CultureInfo.InvariantCulture);

    /// <summary>The code of a GPT type, as <see cref="DiskPartition.TypeCode"/> holds it.</summary>
    public static string Code(Guid type) => type.ToString("D").ToUpperInvariant();

    /// <summary>The name of an MBR type, or its code.</summary>
    public static string Name(byte type) => MbrNames.GetValueOrDefault(type) ?? Code(type);

    /// <summary>The name of a GPT type, or its code.</summary>
    public static string Name(Guid type) => GptNames.GetValueOrDefault(type) ?? Code(type);
}
