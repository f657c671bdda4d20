using System.Buffers.Binary;
using System.Text;

namespace AzureVmRole.Disks.Tests.Vhdx;

/// <summary>
/// Builds VHDX files byte by byte from [MS-VHDX], independent of the engine's writer: log at 1 MiB, BAT at 2 MiB (1 MiB
/// long), metadata at 3 MiB, blocks from 4 MiB on. <see cref="Bytes"/> may be changed before <see cref="Save"/>.
/// </summary>
internal sealed class VhdxImageBuilder
{
    public const int MiB = 1 << 20;
    public const int HeaderOffset = 64 << 10;
    public const int SecondHeaderOffset = 128 << 10;
    public const int RegionTableOffset = 192 << 10;
    public const int SecondRegionTableOffset = 256 << 10;
    public const int LogOffset = 1 * MiB;
    public const int BatOffset = 2 * MiB;
    public const int MetadataOffset = 3 * MiB;
    public const int ItemsOffset = MetadataOffset + (64 << 10);
    public const int BlocksOffset = 4 * MiB;

    private readonly List<byte[]> _blocks = [];
    private readonly int _sectorSize;
    private readonly int _blockSize;

    public VhdxImageBuilder(
        long diskLength, int blockSize = MiB, int sectorSize = 512, uint fileFlags = 0, byte[]? parentLocator = null)
    {
        _blockSize = blockSize;
        _sectorSize = sectorSize;
        Bytes = new byte[BlocksOffset];
        WriteIdentifier();
        WriteHeader(HeaderOffset, sequenceNumber: 6);
        WriteHeader(SecondHeaderOffset, sequenceNumber: 7);
        WriteRegionTable();
        WriteMetadata(diskLength, fileFlags, parentLocator);
    }

    public byte[] Bytes { get; private set; }

    public static Guid DataWriteGuid { get; } = new("11111111-2222-3333-4444-555555555555");

    public static Guid FileWriteGuid { get; } = new("99999999-2222-3333-4444-555555555555");

    public static Guid Identifier { get; } = new("AAAAAAAA-2222-3333-4444-555555555555");

    /// <summary>Adds a block to the file's end and points the BAT entry of a payload block to it.</summary>
    public VhdxImageBuilder AddBlock(long block, ReadOnlySpan<byte> content, int state = 6)
    {
        byte[] bytes = new byte[_blockSize];
        content.CopyTo(bytes);
        SetEntry(PayloadIndex(block), (uint)state + (ulong)Append(bytes));
        return this;
    }

    /// <summary>Adds a sector bitmap block for a chunk.</summary>
    public VhdxImageBuilder AddBitmap(long chunk, ReadOnlySpan<byte> bits)
    {
        byte[] bytes = new byte[MiB];
        bits.CopyTo(bytes);
        SetEntry((chunk * (ChunkRatio + 1)) + ChunkRatio, 6 + (ulong)Append(bytes));
        return this;
    }

    public VhdxImageBuilder SetPayload(long block, ulong entry)
    {
        SetEntry(PayloadIndex(block), entry);
        return this;
    }

    public long PayloadIndex(long block) => block + (block / ChunkRatio);

    public VhdxImageBuilder SetEntry(long index, ulong entry)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(Bytes.AsSpan((int)(BatOffset + (index * 8))), entry);
        return this;
    }

    /// <summary>Changes bytes and mends the checksum of the structure around them.</summary>
    public VhdxImageBuilder Patch(long offset, params byte[] value)
    {
        value.CopyTo(Bytes, offset);
        Seal(HeaderOffset, 4096);
        Seal(SecondHeaderOffset, 4096);
        Seal(RegionTableOffset, 64 << 10);
        Seal(SecondRegionTableOffset, 64 << 10);
        return this;
    }

    /// <summary>The same change in both copies of a structure, so that neither can stand in for the other.</summary>
    public VhdxImageBuilder PatchBoth(int firstOffset, int secondOffset, int fieldOffset, params byte[] value) =>
        Patch(firstOffset + fieldOffset, value).Patch(secondOffset + fieldOffset, value);

    /// <summary>Writes the header fields that say that there is a log to replay.</summary>
    public VhdxImageBuilder SetLogGuid(Guid guid) =>
        PatchBoth(HeaderOffset, SecondHeaderOffset, 48, guid.ToByteArray());

    public byte[] ToArray() => [.. Bytes, .. _blocks.SelectMany(block => block)];

    public string Save(string path)
    {
        using FileStream file = File.Create(path);
        file.Write(Bytes);
        foreach (byte[] block in _blocks)
        {
            file.Write(block);
        }

        return path;
    }

    private long ChunkRatio => (1L << 23) * _sectorSize / _blockSize;

    private long Append(byte[] bytes)
    {
        long offset = BlocksOffset + _blocks.Sum(block => (long)block.Length);
        _blocks.Add(bytes);
        return offset;
    }

    private void Seal(int offset, int length)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(Bytes.AsSpan(offset + 4), 0);
        uint checksum = ReferenceCrc32C.Compute(Bytes.AsSpan(offset, length));
        BinaryPrimitives.WriteUInt32LittleEndian(Bytes.AsSpan(offset + 4), checksum);
    }

    private void WriteIdentifier()
    {
        Encoding.ASCII.GetBytes("vhdxfile", Bytes);
        Encoding.Unicode.GetBytes("Test builder", Bytes.AsSpan(8));
    }

    private void WriteHeader(int offset, ulong sequenceNumber)
    {
        Span<byte> header = Bytes.AsSpan(offset);
        Encoding.ASCII.GetBytes("head", header);
        BinaryPrimitives.WriteUInt64LittleEndian(header[8..], sequenceNumber);
        FileWriteGuid.TryWriteBytes(header[16..]);
        DataWriteGuid.TryWriteBytes(header[32..]);
        BinaryPrimitives.WriteUInt16LittleEndian(header[66..], 1);
        BinaryPrimitives.WriteUInt32LittleEndian(header[68..], MiB);
        BinaryPrimitives.WriteUInt64LittleEndian(header[72..], LogOffset);
        Seal(offset, 4096);
    }

    private void WriteRegionTable()
    {
        foreach (int offset in (int[])[RegionTableOffset, SecondRegionTableOffset])
        {
            Span<byte> table = Bytes.AsSpan(offset);
            Encoding.ASCII.GetBytes("regi", table);
            BinaryPrimitives.WriteUInt32LittleEndian(table[8..], 2);
            WriteRegion(table[16..], "2DC27766-F623-4200-9D64-115E9BFD4A08", BatOffset);
            WriteRegion(table[48..], "8B7CA206-4790-4B9A-B8FE-575F050F886E", MetadataOffset);
            Seal(offset, 64 << 10);
        }
    }

    private static void WriteRegion(Span<byte> entry, string id, int offset)
    {
        new Guid(id).TryWriteBytes(entry);
        BinaryPrimitives.WriteUInt64LittleEndian(entry[16..], (ulong)offset);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[24..], MiB);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[28..], 1);
    }

    private void WriteMetadata(long diskLength, uint fileFlags, byte[]? parentLocator)
    {
        Encoding.ASCII.GetBytes("metadata", Bytes.AsSpan(MetadataOffset));
        BinaryPrimitives.WriteUInt16LittleEndian(
            Bytes.AsSpan(MetadataOffset + 10), (ushort)(parentLocator is null ? 5 : 6));
        byte[] parameters = new byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(parameters, _blockSize);
        BinaryPrimitives.WriteUInt32LittleEndian(parameters.AsSpan(4), fileFlags);
        WriteItem(0, "CAA16737-FA36-4D43-B3B6-33F0AA44E76B", 4, parameters);
        WriteItem(1, "2FA54224-CD1B-4876-B211-5DBED83BF4B8", 6, BitConverter.GetBytes(diskLength));
        WriteItem(2, "BECA12AB-B2E6-4523-93EF-C309E000C746", 6, Identifier.ToByteArray());
        WriteItem(3, "8141BF1D-A96F-4709-BA47-F233A8FAAB5F", 6, BitConverter.GetBytes(_sectorSize));
        WriteItem(4, "CDA348C7-445D-4471-9CC9-E9885251C556", 6, BitConverter.GetBytes(4096));
        if (parentLocator is not null)
        {
            WriteItem(5, "A8D35F2D-B30B-454D-ABF7-D3D84834AB0C", 4, parentLocator);
        }
    }

    // Items lie 4 KiB apart from the end of the metadata table on.
    private void WriteItem(int index, string id, uint flags, byte[] value)
    {
        Span<byte> entry = Bytes.AsSpan(MetadataOffset + 32 + (index * 32));
        new Guid(id).TryWriteBytes(entry);
        BinaryPrimitives.WriteInt32LittleEndian(entry[16..], (64 << 10) + (index * 4096));
        BinaryPrimitives.WriteInt32LittleEndian(entry[20..], value.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[24..], flags);
        value.CopyTo(Bytes, ItemsOffset + (index * 4096));
    }
}
