using System.Buffers.Binary;

namespace AzureVmRole.Disks.Vhdx;

/// <summary>
/// An entry of the block allocation table: state in bits 0–2, offset in MiB in bits 20–63 ([MS-VHDX] section 2.5.1).
/// </summary>
internal readonly record struct VhdxBatEntry(ulong Raw)
{
    public const int Size = 8;

    /// <summary>SB_BLOCK_PRESENT: the state of a sector bitmap block that is in the file.</summary>
    public const int BitmapPresent = 6;

    private const ulong StateMask = 0x7;
    private const ulong ReservedMask = 0xFFFF8;
    private const int OffsetShift = 20;

    public VhdxBatEntry(int state, long fileOffset)
        : this((uint)state + (ulong)fileOffset)
    {
    }

    public int State => (int)(Raw & StateMask);

    public bool HasReservedBits => (Raw & ReservedMask) != 0;

    public VhdxPayloadState PayloadState => (VhdxPayloadState)State;

    /// <summary>The offset in units of 1 MiB: at most 44 bits.</summary>
    public long FileOffsetInMiB => (long)(Raw >> OffsetShift);

    /// <summary>The offset in bytes, once it is known to be below <see cref="VhdxFormat.MaximumFileLength"/>.</summary>
    public long FileOffset => FileOffsetInMiB * VhdxFormat.MiB;

    /// <summary>Whether the state says that a payload block has bytes in this file.</summary>
    public bool IsPayloadInFile => PayloadState is VhdxPayloadState.FullyPresent or VhdxPayloadState.PartiallyPresent;

    public static VhdxBatEntry Parse(ReadOnlySpan<byte> source) => new(BinaryPrimitives.ReadUInt64LittleEndian(source));

    public void WriteTo(Span<byte> target) => BinaryPrimitives.WriteUInt64LittleEndian(target, Raw);
}
