using System.Buffers.Binary;

namespace AzureVmRole.Disks.Partitions;

/// <summary>One of the four partition records of an MBR or EBR (UEFI Specification 2.10, section 5.2.1).</summary>
/// <param name="Status">0x80 for the active partition, else 0.</param>
/// <param name="Type">The type code; 0 for an unused record.</param>
/// <param name="FirstLba">The first sector: of the disk in an MBR, relative in an EBR.</param>
/// <param name="SectorCount">The length in sectors.</param>
public readonly record struct MbrEntry(byte Status, byte Type, uint FirstLba, uint SectorCount)
{
    /// <summary>The length of a record in bytes.</summary>
    public const int Size = 16;

    /// <summary>The type of the record that guards a GPT disk.</summary>
    public const byte ProtectiveType = 0xEE;

    internal const int SectorCountOffset = 12;
    private const int StatusOffset = 0;
    private const int FirstChsOffset = 1;
    private const int TypeOffset = 4;
    private const int LastChsOffset = 5;
    private const int FirstLbaOffset = 8;
    private const byte ActiveStatus = 0x80;

    /// <summary>Whether the record is not used.</summary>
    public bool IsEmpty => Type == 0;

    /// <summary>Whether the partition is marked active.</summary>
    public bool IsActive => Status == ActiveStatus;

    /// <summary>Whether the record stands for a chain of logical partitions.</summary>
    public bool IsExtended => Type is 0x05 or 0x0F or 0x85;

    internal bool HasKnownStatus => Status is 0 or ActiveStatus;

    /// <summary>The first sector after the partition, counted as <see cref="FirstLba"/> is.</summary>
    internal long EndLba => (long)FirstLba + SectorCount;

    /// <summary>Reads a record of at least <see cref="Size"/> bytes.</summary>
    public static MbrEntry Parse(ReadOnlySpan<byte> record) => new(
        record[StatusOffset],
        record[TypeOffset],
        BinaryPrimitives.ReadUInt32LittleEndian(record[FirstLbaOffset..]),
        BinaryPrimitives.ReadUInt32LittleEndian(record[SectorCountOffset..]));

    /// <summary>Writes the record, with the CHS addresses of one that only LBA can reach.</summary>
    internal void WriteTo(Span<byte> record)
    {
        record[StatusOffset] = Status;
        record[TypeOffset] = Type;
        record[FirstChsOffset..TypeOffset].Fill(0xFF);
        record[LastChsOffset..FirstLbaOffset].Fill(0xFF);
        BinaryPrimitives.WriteUInt32LittleEndian(record[FirstLbaOffset..], FirstLba);
        BinaryPrimitives.WriteUInt32LittleEndian(record[SectorCountOffset..], SectorCount);
    }
}
