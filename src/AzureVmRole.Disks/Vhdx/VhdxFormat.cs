namespace AzureVmRole.Disks.Vhdx;

/// <summary>Numbers of the VHDX format ([MS-VHDX] section 2; docs/formats/vhdx.md has the offset tables).</summary>
internal static class VhdxFormat
{
    public const int Kib64 = 64 << 10;
    public const int MiB = 1 << 20;

    /// <summary>Everything after the header section starts at a multiple of this (section 2.1).</summary>
    public const int Alignment = MiB;

    public const int HeaderSectionSize = MiB;
    public const int FirstHeaderOffset = 1 * Kib64;
    public const int SecondHeaderOffset = 2 * Kib64;
    public const int FirstRegionTableOffset = 3 * Kib64;
    public const int SecondRegionTableOffset = 4 * Kib64;

    public const int LogSectorSize = 4096;

    /// <summary>Longest dirty log that is read: 64 times what any known writer makes.</summary>
    public const int MaximumLogLength = 64 * MiB;

    public const int BitmapBlockSize = MiB;
    public const int SectorsPerBitmapBlock = 8 * BitmapBlockSize;

    public const int MinimumBlockSize = MiB;
    public const int MaximumBlockSize = 256 * MiB;
    public const long MaximumDiskLength = 64L << 40;

    /// <summary>No structure lies beyond this, four times the largest disk; it bounds the memory of the overlap check.</summary>
    public const long MaximumFileLength = 4 * MaximumDiskLength;

    public static readonly Guid BatRegion = new("2DC27766-F623-4200-9D64-115E9BFD4A08");
    public static readonly Guid MetadataRegion = new("8B7CA206-4790-4B9A-B8FE-575F050F886E");
    public static readonly Guid VhdxLocatorType = new("B04AEFB7-D19E-4A81-B789-25B8E9445913");

    public static ReadOnlySpan<byte> FileSignature => "vhdxfile"u8;
}
