using System.Buffers.Binary;

namespace AzureVmRole.Disks.Partitions;

/// <summary>The header of a GPT, primary or backup (UEFI Specification 2.10, section 5.3.2). All fields little-endian.</summary>
/// <param name="HeaderSize">The bytes that the header's checksum covers.</param>
/// <param name="Checksum">CRC-32 of the header with this field zero.</param>
/// <param name="MyLba">The sector that holds this header.</param>
/// <param name="AlternateLba">The sector that holds the other header.</param>
/// <param name="FirstUsableLba">The first sector that a partition may use.</param>
/// <param name="LastUsableLba">The last sector that a partition may use.</param>
/// <param name="DiskGuid">The disk's unique id.</param>
/// <param name="EntriesLba">The first sector of the entry array.</param>
/// <param name="EntryCount">The number of entries, unused ones included.</param>
/// <param name="EntrySize">The length of an entry in bytes.</param>
/// <param name="EntriesChecksum">CRC-32 of the entry array.</param>
public readonly record struct GptHeader(
    uint HeaderSize,
    uint Checksum,
    long MyLba,
    long AlternateLba,
    long FirstUsableLba,
    long LastUsableLba,
    Guid DiskGuid,
    long EntriesLba,
    uint EntryCount,
    uint EntrySize,
    uint EntriesChecksum)
{
    /// <summary>The length of the fields in bytes.</summary>
    public const int Size = 92;

    /// <summary>The sector of the primary header.</summary>
    public const long PrimaryLba = 1;

    private const int HeaderSizeOffset = 12;
    private const int ChecksumOffset = 16;
    private const int MyLbaOffset = 24;
    private const int AlternateLbaOffset = 32;
    private const int FirstUsableLbaOffset = 40;
    private const int LastUsableLbaOffset = 48;
    private const int DiskGuidOffset = 56;
    private const int EntriesLbaOffset = 72;
    private const int EntryCountOffset = 80;
    private const int EntrySizeOffset = 84;
    private const int EntriesChecksumOffset = 88;

    /// <summary>The length of the entry array in bytes.</summary>
    public long EntriesLength => (long)EntryCount * EntrySize;

    /// <summary>Reads a header, or returns null when the sector is too short or does not start with <c>EFI PART</c>.</summary>
    public static GptHeader? Parse(ReadOnlySpan<byte> sector) =>
        sector.Length < Size || !sector.StartsWith("EFI PART"u8)
            ? null
            : new GptHeader(
                BinaryPrimitives.ReadUInt32LittleEndian(sector[HeaderSizeOffset..]),
                BinaryPrimitives.ReadUInt32LittleEndian(sector[ChecksumOffset..]),
                BinaryPrimitives.ReadInt64LittleEndian(sector[MyLbaOffset..]),
                BinaryPrimitives.ReadInt64LittleEndian(sector[AlternateLbaOffset..]),
                BinaryPrimitives.ReadInt64LittleEndian(sector[FirstUsableLbaOffset..]),
                BinaryPrimitives.ReadInt64LittleEndian(sector[LastUsableLbaOffset..]),
                new Guid(sector.Slice(DiskGuidOffset, 16)),
                BinaryPrimitives.ReadInt64LittleEndian(sector[EntriesLbaOffset..]),
                BinaryPrimitives.ReadUInt32LittleEndian(sector[EntryCountOffset..]),
                BinaryPrimitives.ReadUInt32LittleEndian(sector[EntrySizeOffset..]),
                BinaryPrimitives.ReadUInt32LittleEndian(sector[EntriesChecksumOffset..]));

    /// <summary>
    /// Writes the fields into a header sector and seals it with a new checksum; the signature, the revision and what
    /// follows the fields stay as the sector has them.
    /// </summary>
    internal void WriteTo(Span<byte> sector)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(sector[HeaderSizeOffset..], HeaderSize);
        BinaryPrimitives.WriteInt64LittleEndian(sector[MyLbaOffset..], MyLba);
        BinaryPrimitives.WriteInt64LittleEndian(sector[AlternateLbaOffset..], AlternateLba);
        BinaryPrimitives.WriteInt64LittleEndian(sector[FirstUsableLbaOffset..], FirstUsableLba);
        BinaryPrimitives.WriteInt64LittleEndian(sector[LastUsableLbaOffset..], LastUsableLba);
        DiskGuid.TryWriteBytes(sector[DiskGuidOffset..]);
        BinaryPrimitives.WriteInt64LittleEndian(sector[EntriesLbaOffset..], EntriesLba);
        BinaryPrimitives.WriteUInt32LittleEndian(sector[EntryCountOffset..], EntryCount);
        BinaryPrimitives.WriteUInt32LittleEndian(sector[EntrySizeOffset..], EntrySize);
        BinaryPrimitives.WriteUInt32LittleEndian(sector[EntriesChecksumOffset..], EntriesChecksum);
        BinaryPrimitives.WriteUInt32LittleEndian(sector[ChecksumOffset..], ComputeChecksum(sector, (int)HeaderSize));
    }

    /// <summary>The checksum that a header of <paramref name="headerSize"/> bytes should hold.</summary>
    internal static uint ComputeChecksum(ReadOnlySpan<byte> sector, int headerSize) =>
        Crc32.ComputeSkipping(sector[..headerSize], ChecksumOffset, sizeof(uint));
}
