using System.Buffers.Binary;

namespace AzureVmRole.Disks.Qcow2;

/// <summary>"Header": the fields that reading needs. Big-endian.</summary>
internal readonly record struct Qcow2Header
{
    /// <summary>The length of the longest header whose fields are known here.</summary>
    public const int Size = 112;

    public const int Version2Size = 72;
    public const int Version3Size = 104;
    public const int VersionOffset = 4;
    public const int BackingFileOffsetOffset = 8;
    public const int BackingFileSizeOffset = 16;
    public const int ClusterBitsOffset = 20;
    public const int SizeOffset = 24;
    public const int CryptMethodOffset = 32;
    public const int L1SizeOffset = 36;
    public const int L1TableOffsetOffset = 40;
    public const int RefcountTableOffsetOffset = 48;
    public const int IncompatibleFeaturesOffset = 72;
    public const int RefcountOrderOffset = 96;
    public const int HeaderLengthOffset = 100;
    public const int CompressionTypeOffset = 104;
    private const int SnapshotCountOffset = 60;

    /// <summary>2 or 3; 1 is the older qcow, which has the same magic.</summary>
    public uint Version { get; init; }

    public ulong BackingFileOffset { get; init; }

    public uint BackingFileSize { get; init; }

    public uint ClusterBits { get; init; }

    /// <summary>The virtual size in bytes.</summary>
    public ulong DiskSize { get; init; }

    /// <summary>0 for none, 1 for AES, 2 for LUKS.</summary>
    public uint CryptMethod { get; init; }

    /// <summary>Entries of the L1 table.</summary>
    public uint L1Size { get; init; }

    public ulong L1TableOffset { get; init; }

    public ulong RefcountTableOffset { get; init; }

    public uint SnapshotCount { get; init; }

    public ulong IncompatibleFeatures { get; init; }

    /// <summary>The width of a reference count is two to this power, in bits.</summary>
    public uint RefcountOrder { get; init; }

    public uint HeaderLength { get; init; }

    /// <summary>0 for deflate, 1 for zstd.</summary>
    public byte CompressionType { get; init; }

    /// <summary>How the header divides the file; it makes sense once the cluster size is checked.</summary>
    public Qcow2Layout Layout =>
        new((int)ClusterBits, (IncompatibleFeatures & Qcow2Format.IncompatibleExtendedL2) != 0);

    /// <summary>Reads a header; <paramref name="source"/> is as long as the file has it, at most <see cref="Size"/>.</summary>
    public static Qcow2Header Parse(ReadOnlySpan<byte> source)
    {
        Span<byte> fields = stackalloc byte[Size];
        fields.Clear();
        source[..Math.Min(source.Length, Size)].CopyTo(fields);
        uint version = BinaryPrimitives.ReadUInt32BigEndian(fields[VersionOffset..]);
        if (version < 3)
        {
            // Version 2 ends here: what follows are header extensions.
            fields[Version2Size..].Clear();
        }

        uint headerLength = version < 3 ? Version2Size : BinaryPrimitives.ReadUInt32BigEndian(fields[HeaderLengthOffset..]);
        return new Qcow2Header
        {
            Version = version,
            BackingFileOffset = BinaryPrimitives.ReadUInt64BigEndian(fields[BackingFileOffsetOffset..]),
            BackingFileSize = BinaryPrimitives.ReadUInt32BigEndian(fields[BackingFileSizeOffset..]),
            ClusterBits = BinaryPrimitives.ReadUInt32BigEndian(fields[ClusterBitsOffset..]),
            DiskSize = BinaryPrimitives.ReadUInt64BigEndian(fields[SizeOffset..]),
            CryptMethod = BinaryPrimitives.ReadUInt32BigEndian(fields[CryptMethodOffset..]),
            L1Size = BinaryPrimitives.ReadUInt32BigEndian(fields[L1SizeOffset..]),
            L1TableOffset = BinaryPrimitives.ReadUInt64BigEndian(fields[L1TableOffsetOffset..]),
            RefcountTableOffset = BinaryPrimitives.ReadUInt64BigEndian(fields[RefcountTableOffsetOffset..]),
            SnapshotCount = BinaryPrimitives.ReadUInt32BigEndian(fields[SnapshotCountOffset..]),
            IncompatibleFeatures = BinaryPrimitives.ReadUInt64BigEndian(fields[IncompatibleFeaturesOffset..]),
            RefcountOrder = version < 3 ? 4 : BinaryPrimitives.ReadUInt32BigEndian(fields[RefcountOrderOffset..]),
            HeaderLength = headerLength,
            CompressionType = headerLength > CompressionTypeOffset ? fields[CompressionTypeOffset] : (byte)0,
        };
    }
}
