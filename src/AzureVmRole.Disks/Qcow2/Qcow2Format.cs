namespace AzureVmRole.Disks.Qcow2;

/// <summary>The constants of the format (QEMU docs/interop/qcow2: see docs/formats/qcow2.md).</summary>
internal static class Qcow2Format
{
    public const int MinimumClusterBits = 9;
    public const int MaximumClusterBits = 21;
    public const int SectorSize = 512;
    public const int SubclusterCount = 32;

    /// <summary>The largest L1 table that QEMU reads.</summary>
    public const int MaximumL1Length = 32 << 20;

    /// <summary>The longest backing file name.</summary>
    public const int MaximumBackingNameLength = 1023;

    public const ulong IncompatibleDirty = 1 << 0;
    public const ulong IncompatibleCorrupt = 1 << 1;
    public const ulong IncompatibleExternalData = 1 << 2;
    public const ulong IncompatibleCompressionType = 1 << 3;
    public const ulong IncompatibleExtendedL2 = 1 << 4;

    /// <summary>The bits that a reader here understands.</summary>
    public const ulong IncompatibleReadable =
        IncompatibleDirty | IncompatibleCorrupt | IncompatibleCompressionType | IncompatibleExtendedL2;

    public static ReadOnlySpan<byte> Magic => [(byte)'Q', (byte)'F', (byte)'I', 0xFB];
}
