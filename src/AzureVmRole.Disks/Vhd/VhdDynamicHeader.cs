using System.Buffers.Binary;
using System.Text;

namespace AzureVmRole.Disks.Vhd;

/// <summary>"Dynamic Disk Header Format": 1024 bytes that describe a dynamic or differencing disk. Big-endian.</summary>
internal readonly record struct VhdDynamicHeader
{
    public const int Size = 1024;
    public const int ChecksumOffset = 36;
    public const int LocatorCount = 8;
    public const int LocatorsOffset = 576;
    public const int TableOffsetOffset = 16;
    public const int MaxTableEntriesOffset = 28;
    public const int BlockSizeOffset = 32;
    private const int DataOffsetOffset = 8;
    private const int VersionOffset = 24;
    private const int ParentUniqueIdOffset = 40;
    private const int ParentTimeStampOffset = 56;
    private const int ReservedOffset = 60;
    private const int ReservedSize = 4;
    private const int ParentNameOffset = 64;
    private const int ParentNameSize = 512;
    private const int TrailerOffset = LocatorsOffset + (LocatorCount * VhdParentLocator.Size);

    public ulong DataOffset { get; init; }

    public ulong TableOffset { get; init; }

    public uint Version { get; init; }

    public uint MaxTableEntries { get; init; }

    public uint BlockSize { get; init; }

    public uint Checksum { get; init; }

    public Guid ParentUniqueId { get; init; }

    public uint ParentTimeStamp { get; init; }

    /// <summary>"Parent Unicode Name": the parent's file name.</summary>
    public string ParentName { get; init; }

    public IReadOnlyList<VhdParentLocator> Locators { get; init; }

    /// <summary>The reserved bytes before the parent's name; kept on rewrite.</summary>
    public ReadOnlyMemory<byte> Reserved { get; init; }

    /// <summary>The reserved bytes behind the locators; kept on rewrite.</summary>
    public ReadOnlyMemory<byte> Trailer { get; init; }

    private static ReadOnlySpan<byte> Cookie => "cxsparse"u8;

    public static bool HasCookie(ReadOnlySpan<byte> source) => source.StartsWith(Cookie);

    public static VhdDynamicHeader Parse(ReadOnlySpan<byte> source)
    {
        var locators = new VhdParentLocator[LocatorCount];
        for (int index = 0; index < LocatorCount; index++)
        {
            locators[index] = VhdParentLocator.Parse(source[(LocatorsOffset + (index * VhdParentLocator.Size))..]);
        }

        return new VhdDynamicHeader
        {
            DataOffset = BinaryPrimitives.ReadUInt64BigEndian(source[DataOffsetOffset..]),
            TableOffset = BinaryPrimitives.ReadUInt64BigEndian(source[TableOffsetOffset..]),
            Version = BinaryPrimitives.ReadUInt32BigEndian(source[VersionOffset..]),
            MaxTableEntries = BinaryPrimitives.ReadUInt32BigEndian(source[MaxTableEntriesOffset..]),
            BlockSize = BinaryPrimitives.ReadUInt32BigEndian(source[BlockSizeOffset..]),
            Checksum = BinaryPrimitives.ReadUInt32BigEndian(source[ChecksumOffset..]),
            ParentUniqueId = new Guid(source.Slice(ParentUniqueIdOffset, 16), bigEndian: true),
            ParentTimeStamp = BinaryPrimitives.ReadUInt32BigEndian(source[ParentTimeStampOffset..]),
            ParentName = Encoding.BigEndianUnicode.GetString(source.Slice(ParentNameOffset, ParentNameSize)).Split('\0')[0],
            Locators = locators,
            Reserved = source.Slice(ReservedOffset, ReservedSize).ToArray(),
            Trailer = source[TrailerOffset..Size].ToArray(),
        };
    }

    /// <summary>Writes the header; the checksum is computed over what is written.</summary>
    public void WriteTo(Span<byte> destination)
    {
        destination[..Size].Clear();
        Cookie.CopyTo(destination);
        BinaryPrimitives.WriteUInt64BigEndian(destination[DataOffsetOffset..], DataOffset);
        BinaryPrimitives.WriteUInt64BigEndian(destination[TableOffsetOffset..], TableOffset);
        BinaryPrimitives.WriteUInt32BigEndian(destination[VersionOffset..], Version);
        BinaryPrimitives.WriteUInt32BigEndian(destination[MaxTableEntriesOffset..], MaxTableEntries);
        BinaryPrimitives.WriteUInt32BigEndian(destination[BlockSizeOffset..], BlockSize);
        ParentUniqueId.TryWriteBytes(destination[ParentUniqueIdOffset..], bigEndian: true, out _);
        BinaryPrimitives.WriteUInt32BigEndian(destination[ParentTimeStampOffset..], ParentTimeStamp);

        // The name has 256 UTF-16 units; the last stays zero.
        string name = ParentName.Length < ParentNameSize / 2 ? ParentName : ParentName[..((ParentNameSize / 2) - 1)];
        Encoding.BigEndianUnicode.GetBytes(name, destination.Slice(ParentNameOffset, ParentNameSize));
        for (int index = 0; index < Locators.Count; index++)
        {
            Locators[index].WriteTo(destination[(LocatorsOffset + (index * VhdParentLocator.Size))..]);
        }

        Reserved.Span.CopyTo(destination[ReservedOffset..]);
        Trailer.Span.CopyTo(destination[TrailerOffset..]);
        VhdChecksum.Write(destination[..Size], ChecksumOffset);
    }
}
