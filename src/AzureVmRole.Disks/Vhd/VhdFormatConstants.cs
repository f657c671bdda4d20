namespace AzureVmRole.Disks.Vhd;

/// <summary>Constants of the Virtual Hard Disk Image Format Specification, version 1.0 (11 October 2006).</summary>
internal static class VhdFormatConstants
{
    /// <summary>"All absolute values are stored in network byte order"; sectors are 512 bytes.</summary>
    public const int SectorSize = 512;

    /// <summary>"Data Offset … for fixed disks, this field should be set to 0xFFFFFFFF" – all 64 bits in practice.</summary>
    public const ulong NoDataOffset = ulong.MaxValue;

    /// <summary>"Block Allocation Table": an entry of a block that is not in the file.</summary>
    public const uint UnusedEntry = 0xFFFFFFFF;

    /// <summary>"File Format Version" and "Header Version".</summary>
    public const uint Version = 0x00010000;

    /// <summary>"Features": the reserved bit, always set.</summary>
    public const uint FeatureReserved = 2;

    /// <summary>"Features": the temporary bit.</summary>
    public const uint FeatureTemporary = 1;

    /// <summary>"Block Size": the default of two MiB.</summary>
    public const int DefaultBlockSize = 0x200000;

    /// <summary>The smallest block this module reads; smaller ones make tables larger than their data.</summary>
    public const uint MinimumBlockSize = 4096;

    /// <summary>The largest block this module reads.</summary>
    public const uint MaximumBlockSize = 1 << 28;

    /// <summary>The largest table this module reads: 64 MiB of entries.</summary>
    public const uint MaximumTableEntries = 1 << 24;

    /// <summary>The largest virtual size: 2040 GiB, the limit of Hyper-V and QEMU for VHD.</summary>
    public const long MaximumSize = 2040L << 30;

    /// <summary>"Time Stamp": seconds count from here.</summary>
    public static DateTime Epoch { get; } = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>A time as the format holds it: whole seconds since 2000-01-01 UTC.</summary>
    public static uint ToTimeStamp(DateTime timeUtc) =>
        (uint)Math.Clamp((long)Math.Floor((timeUtc - Epoch).TotalSeconds), 0, uint.MaxValue);
}
