using System.Buffers.Binary;
using System.Text;

namespace AzureVmRole.Disks.Vhd;

/// <summary>"Hard Disk Footer Format": the last 512 bytes of every VHD, and the first 512 of dynamic ones. Big-endian.</summary>
internal readonly record struct VhdFooter
{
    public const int Size = 512;
    public const int ChecksumOffset = 64;
    public const int CurrentSizeOffset = 48;
    private const int FeaturesOffset = 8;
    private const int VersionOffset = 12;
    private const int DataOffsetOffset = 16;
    private const int TimeStampOffset = 24;
    private const int CreatorApplicationOffset = 28;
    private const int CreatorVersionOffset = 32;
    private const int CreatorHostOsOffset = 36;
    private const int OriginalSizeOffset = 40;
    private const int CylindersOffset = 56;
    private const int HeadsOffset = 58;
    private const int SectorsOffset = 59;
    private const int DiskTypeOffset = 60;
    private const int UniqueIdOffset = 68;
    private const int SavedStateOffset = 84;
    private const int ReservedOffset = 85;

    public uint Features { get; init; }

    public uint Version { get; init; }

    public ulong DataOffset { get; init; }

    public uint TimeStamp { get; init; }

    /// <summary>Four characters, padded with spaces or zeros.</summary>
    public string CreatorApplication { get; init; }

    public uint CreatorVersion { get; init; }

    public string CreatorHostOs { get; init; }

    public ulong OriginalSize { get; init; }

    public ulong CurrentSize { get; init; }

    public VhdGeometry Geometry { get; init; }

    public uint DiskType { get; init; }

    public uint Checksum { get; init; }

    public Guid UniqueId { get; init; }

    public byte SavedState { get; init; }

    /// <summary>The 427 bytes that the specification reserves; kept on rewrite.</summary>
    public ReadOnlyMemory<byte> Reserved { get; init; }

    private static ReadOnlySpan<byte> Cookie => "conectix"u8;

    public static bool HasCookie(ReadOnlySpan<byte> source) => source.StartsWith(Cookie);

    /// <summary>A footer as this module writes it.</summary>
    public static VhdFooter Create(VhdType type, long sizeInBytes, Guid uniqueId, DateTime timeUtc) => new()
    {
        Features = VhdFormatConstants.FeatureReserved,
        Version = VhdFormatConstants.Version,
        DataOffset = type == VhdType.Fixed ? VhdFormatConstants.NoDataOffset : Size,
        TimeStamp = VhdFormatConstants.ToTimeStamp(timeUtc),

        // Readers that know creators (QEMU) take the current size from "win " and the geometry from unknown ones.
        CreatorApplication = "win ",
        CreatorVersion = 0x000A0000,
        CreatorHostOs = "Wi2k",
        OriginalSize = (ulong)sizeInBytes,
        CurrentSize = (ulong)sizeInBytes,
        Geometry = VhdGeometry.FromSize(sizeInBytes),
        DiskType = (uint)type,
        UniqueId = uniqueId,
    };

    public static VhdFooter Parse(ReadOnlySpan<byte> source) => new()
    {
        Features = BinaryPrimitives.ReadUInt32BigEndian(source[FeaturesOffset..]),
        Version = BinaryPrimitives.ReadUInt32BigEndian(source[VersionOffset..]),
        DataOffset = BinaryPrimitives.ReadUInt64BigEndian(source[DataOffsetOffset..]),
        TimeStamp = BinaryPrimitives.ReadUInt32BigEndian(source[TimeStampOffset..]),
        CreatorApplication = Encoding.Latin1.GetString(source.Slice(CreatorApplicationOffset, 4)),
        CreatorVersion = BinaryPrimitives.ReadUInt32BigEndian(source[CreatorVersionOffset..]),
        CreatorHostOs = Encoding.Latin1.GetString(source.Slice(CreatorHostOsOffset, 4)),
        OriginalSize = BinaryPrimitives.ReadUInt64BigEndian(source[OriginalSizeOffset..]),
        CurrentSize = BinaryPrimitives.ReadUInt64BigEndian(source[CurrentSizeOffset..]),
        Geometry = new VhdGeometry(
            BinaryPrimitives.ReadUInt16BigEndian(source[CylindersOffset..]), source[HeadsOffset], source[SectorsOffset]),
        DiskType = BinaryPrimitives.ReadUInt32BigEndian(source[DiskTypeOffset..]),
        Checksum = BinaryPrimitives.ReadUInt32BigEndian(source[ChecksumOffset..]),
        UniqueId = new Guid(source.Slice(UniqueIdOffset, 16), bigEndian: true),
        SavedState = source[SavedStateOffset],
        Reserved = source[ReservedOffset..Size].ToArray(),
    };

    /// <summary>Writes the footer; the checksum is computed over what is written.</summary>
    public void WriteTo(Span<byte> destination)
    {
        destination[..Size].Clear();
        Cookie.CopyTo(destination);
        BinaryPrimitives.WriteUInt32BigEndian(destination[FeaturesOffset..], Features);
        BinaryPrimitives.WriteUInt32BigEndian(destination[VersionOffset..], Version);
        BinaryPrimitives.WriteUInt64BigEndian(destination[DataOffsetOffset..], DataOffset);
        BinaryPrimitives.WriteUInt32BigEndian(destination[TimeStampOffset..], TimeStamp);
        Encoding.Latin1.GetBytes(CreatorApplication, destination.Slice(CreatorApplicationOffset, 4));
        BinaryPrimitives.WriteUInt32BigEndian(destination[CreatorVersionOffset..], CreatorVersion);
        Encoding.Latin1.GetBytes(CreatorHostOs, destination.Slice(CreatorHostOsOffset, 4));
        BinaryPrimitives.WriteUInt64BigEndian(destination[OriginalSizeOffset..], OriginalSize);
        BinaryPrimitives.WriteUInt64BigEndian(destination[CurrentSizeOffset..], CurrentSize);
        BinaryPrimitives.WriteUInt16BigEndian(destination[CylindersOffset..], Geometry.Cylinders);
        destination[HeadsOffset] = Geometry.Heads;
        destination[SectorsOffset] = Geometry.SectorsPerTrack;
        BinaryPrimitives.WriteUInt32BigEndian(destination[DiskTypeOffset..], DiskType);
        UniqueId.TryWriteBytes(destination[UniqueIdOffset..], bigEndian: true, out _);
        destination[SavedStateOffset] = SavedState;
        Reserved.Span.CopyTo(destination[ReservedOffset..]);
        VhdChecksum.Write(destination[..Size], ChecksumOffset);
    }

    /// <summary>The footer as 512 bytes.</summary>
    public byte[] ToArray()
    {
        byte[] bytes = new byte[Size];
        WriteTo(bytes);
        return bytes;
    }
}
