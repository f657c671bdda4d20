using System.Buffers.Binary;

namespace AzureVmRole.Disks.Qcow2;

/// <summary>"L2 table entry", with the subcluster bitmap of an extended one.</summary>
/// <param name="Descriptor">The first 64 bits.</param>
/// <param name="Bitmap">The last 64 bits of an extended entry, else 0.</param>
internal readonly record struct Qcow2Entry(ulong Descriptor, ulong Bitmap)
{
    public const ulong CompressedFlag = 1UL << 62;
    public const ulong CopiedFlag = 1UL << 63;
    public const ulong ZeroFlag = 1;
    public const ulong OffsetMask = 0x00FF_FFFF_FFFF_FE00;

    /// <summary>Bits that are zero in every standard entry, as is <see cref="ZeroFlag"/> in some images.</summary>
    public const ulong ReservedMask = ~(CompressedFlag | CopiedFlag | OffsetMask | ZeroFlag);

    private const int BitmapOffset = 8;

    public bool IsCompressed => (Descriptor & CompressedFlag) != 0;

    public bool HasZeroFlag => (Descriptor & ZeroFlag) != 0;

    /// <summary>Where a standard cluster is in the file; 0 for none.</summary>
    public long HostOffset => (long)(Descriptor & OffsetMask);

    public uint AllocatedSubclusters => (uint)(Bitmap & uint.MaxValue);

    public uint ZeroSubclusters => (uint)(Bitmap >> 32);

    public static Qcow2Entry Parse(ReadOnlySpan<byte> table, int index, Qcow2Layout layout)
    {
        ReadOnlySpan<byte> entry = table.Slice(index * layout.L2EntrySize, layout.L2EntrySize);
        return new Qcow2Entry(
            BinaryPrimitives.ReadUInt64BigEndian(entry),
            layout.HasExtendedEntries ? BinaryPrimitives.ReadUInt64BigEndian(entry[BitmapOffset..]) : 0);
    }

    /// <summary>Where the data of a compressed cluster are: "Compressed Clusters Descriptor".</summary>
    public (long FileOffset, int Length) CompressedData(int clusterBits)
    {
        int offsetBits = 62 - (clusterBits - 8);
        ulong offset = Descriptor & ((1UL << offsetBits) - 1);
        ulong additionalSectors = (Descriptor & (CompressedFlag - 1)) >> offsetBits;
        int length = (((int)additionalSectors + 1) * Qcow2Format.SectorSize) - (int)(offset % Qcow2Format.SectorSize);
        return ((long)offset, length);
    }

    /// <summary>How a unit (the cluster, or one of its subclusters) is stored.</summary>
    public Qcow2RunKind KindOf(int subcluster, bool isExtended)
    {
        if (IsCompressed)
        {
            return Qcow2RunKind.Compressed;
        }

        if (!isExtended)
        {
            return HasZeroFlag ? Qcow2RunKind.Zero : HostOffset == 0 ? Qcow2RunKind.Unallocated : Qcow2RunKind.Data;
        }

        uint bit = 1u << subcluster;
        return (ZeroSubclusters & bit) != 0 ? Qcow2RunKind.Zero
            : (AllocatedSubclusters & bit) != 0 ? Qcow2RunKind.Data
            : Qcow2RunKind.Unallocated;
    }
}
