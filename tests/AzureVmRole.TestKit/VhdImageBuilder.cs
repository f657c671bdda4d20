using System.Buffers.Binary;
using System.Text;

namespace AzureVmRole.TestKit;

/// <summary>
/// Builds VHD files byte by byte from the specification, independent of the engine: copy of the footer, dynamic header at
/// 512, table at 1536, parent paths, blocks in the order in which they were first written, footer.
/// </summary>
public sealed class VhdImageBuilder
{
    public const int SectorSize = 512;
    public const int HeaderOffset = 512;
    public const int TableOffset = 1536;
    public const int Fixed = 2;
    public const int Dynamic = 3;
    public const int Differencing = 4;

    private readonly List<(string Code, byte[] Data)> _locators = [];
    private readonly List<int> _order = [];
    private readonly Dictionary<int, byte[]> _blocks = [];
    private readonly byte[] _content;

    public VhdImageBuilder(int lengthInBytes, int diskType, int blockSize = 2 << 20)
    {
        LengthInBytes = lengthInBytes;
        DiskType = diskType;
        BlockSize = blockSize;
        _content = diskType == Fixed ? new byte[lengthInBytes] : [];
    }

    public int LengthInBytes { get; }

    public int DiskType { get; }

    public int BlockSize { get; }

    public Guid Identifier { get; init; } = new("00112233-4455-6677-8899-AABBCCDDEEFF");

    public string Creator { get; init; } = "win ";

    public Guid ParentIdentifier { get; init; }

    public uint ParentStamp { get; init; }

    public string ParentName { get; init; } = "";

    /// <summary>Table entries beyond those that the disk needs.</summary>
    public int SpareEntries { get; init; }

    public int BlockCount => (LengthInBytes + BlockSize - 1) / BlockSize;

    public int TableSize => RoundUp((BlockCount + SpareEntries) * 4);

    public int BitmapSize => RoundUp(BlockSize / SectorSize / 8);

    /// <summary>Where the blocks start: behind the table and the parent's paths.</summary>
    public int BlocksOffset => TableOffset + TableSize + _locators.Sum(locator => RoundUp(locator.Data.Length));

    /// <summary>A time as the format counts it.</summary>
    public static uint Stamp(DateTime timeUtc) => (uint)(timeUtc - new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc)).TotalSeconds;

    /// <summary>The checksum of a footer (field at 64) or a dynamic header (36), and puts it there.</summary>
    public static void Seal(Span<byte> record, int checksumOffset)
    {
        record.Slice(checksumOffset, 4).Clear();
        uint sum = 0;
        foreach (byte value in record)
        {
            sum += value;
        }

        BinaryPrimitives.WriteUInt32BigEndian(record[checksumOffset..], ~sum);
    }

    public VhdImageBuilder AddLocator(string code, byte[] data)
    {
        _locators.Add((code, data));
        return this;
    }

    /// <summary>Names the parent the way Hyper-V does: ".\NAME" in UTF-16.</summary>
    public VhdImageBuilder AddRelativeLocator(string path) => AddLocator("W2ru", Encoding.Unicode.GetBytes(path));

    /// <summary>Writes whole sectors; blocks appear in the file in the order in which they are first written.</summary>
    public VhdImageBuilder Write(int diskOffset, ReadOnlySpan<byte> data)
    {
        if (DiskType == Fixed)
        {
            data.CopyTo(_content.AsSpan(diskOffset));
            return this;
        }

        for (int done = 0; done < data.Length; done += SectorSize)
        {
            int offset = diskOffset + done;
            byte[] block = Block(offset / BlockSize);
            int sector = offset % BlockSize / SectorSize;
            block[sector / 8] |= (byte)(1 << (7 - (sector % 8)));
            data.Slice(done, SectorSize).CopyTo(block.AsSpan(BitmapSize + (sector * SectorSize)));
        }

        return this;
    }

    /// <summary>Puts bytes into a block without saying so in its bitmap.</summary>
    public VhdImageBuilder WriteUnmarked(int diskOffset, ReadOnlySpan<byte> data)
    {
        data.CopyTo(Block(diskOffset / BlockSize).AsSpan(BitmapSize + (diskOffset % BlockSize)));
        return this;
    }

    /// <summary>Whether a sector's bit is set.</summary>
    public bool IsMarked(int diskOffset)
    {
        int sector = diskOffset % BlockSize / SectorSize;
        return _blocks.TryGetValue(diskOffset / BlockSize, out byte[]? block) && (block[sector / 8] & (128 >> (sector % 8))) != 0;
    }

    /// <summary>Where a block that was written starts in the file, its bitmap first.</summary>
    public int BlockOffset(int block) => BlocksOffset + (_order.IndexOf(block) * (BitmapSize + BlockSize));

    public byte[] ToArray()
    {
        byte[] footer = MakeFooter();
        if (DiskType == Fixed)
        {
            return [.. _content, .. footer];
        }

        byte[] bytes = new byte[BlocksOffset + (_order.Count * (BitmapSize + BlockSize)) + SectorSize];
        footer.CopyTo(bytes, 0);
        int position = WriteHeader(bytes);
        bytes.AsSpan(TableOffset, TableSize).Fill(0xFF);
        foreach (int block in _order)
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(TableOffset + (block * 4)), position / SectorSize);
            _blocks[block].CopyTo(bytes, position);
            position += BitmapSize + BlockSize;
        }

        footer.CopyTo(bytes, position);
        return bytes;
    }

    public string Save(string path)
    {
        File.WriteAllBytes(path, ToArray());
        return path;
    }

    private static int RoundUp(int value) => (value + SectorSize - 1) / SectorSize * SectorSize;

    private byte[] Block(int block)
    {
        if (!_blocks.TryGetValue(block, out byte[]? bytes))
        {
            bytes = new byte[BitmapSize + BlockSize];
            _blocks.Add(block, bytes);
            _order.Add(block);
        }

        return bytes;
    }

    private byte[] MakeFooter()
    {
        byte[] footer = new byte[SectorSize];
        Encoding.ASCII.GetBytes("conectix", footer);
        BinaryPrimitives.WriteUInt32BigEndian(footer.AsSpan(8), 2);
        BinaryPrimitives.WriteUInt32BigEndian(footer.AsSpan(12), 0x00010000);
        BinaryPrimitives.WriteUInt64BigEndian(footer.AsSpan(16), DiskType == Fixed ? ulong.MaxValue : HeaderOffset);
        BinaryPrimitives.WriteUInt32BigEndian(footer.AsSpan(24), 0x2A3B4C5D);
        Encoding.Latin1.GetBytes(Creator, footer.AsSpan(28));
        BinaryPrimitives.WriteUInt32BigEndian(footer.AsSpan(32), 0x000A0000);
        Encoding.ASCII.GetBytes("Wi2k", footer.AsSpan(36));
        BinaryPrimitives.WriteInt64BigEndian(footer.AsSpan(40), LengthInBytes);
        BinaryPrimitives.WriteInt64BigEndian(footer.AsSpan(48), LengthInBytes);
        (int cylinders, int heads, int sectors) = SpecificationGeometry.Of(LengthInBytes);
        BinaryPrimitives.WriteUInt16BigEndian(footer.AsSpan(56), (ushort)cylinders);
        footer[58] = (byte)heads;
        footer[59] = (byte)sectors;
        BinaryPrimitives.WriteInt32BigEndian(footer.AsSpan(60), DiskType);
        Identifier.TryWriteBytes(footer.AsSpan(68), bigEndian: true, out _);
        Seal(footer, 64);
        return footer;
    }

    private int WriteHeader(byte[] bytes)
    {
        Span<byte> header = bytes.AsSpan(HeaderOffset, 1024);
        Encoding.ASCII.GetBytes("cxsparse", header);
        header.Slice(8, 8).Fill(0xFF);
        BinaryPrimitives.WriteInt64BigEndian(header[16..], TableOffset);
        BinaryPrimitives.WriteUInt32BigEndian(header[24..], 0x00010000);
        BinaryPrimitives.WriteInt32BigEndian(header[28..], BlockCount + SpareEntries);
        BinaryPrimitives.WriteInt32BigEndian(header[32..], BlockSize);
        ParentIdentifier.TryWriteBytes(header[40..], bigEndian: true, out _);
        BinaryPrimitives.WriteUInt32BigEndian(header[56..], ParentStamp);
        Encoding.BigEndianUnicode.GetBytes(ParentName, header[64..]);
        int position = TableOffset + TableSize;
        for (int index = 0; index < _locators.Count; index++)
        {
            (string code, byte[] data) = _locators[index];
            Span<byte> entry = header[(576 + (index * 24))..];
            Encoding.ASCII.GetBytes(code, entry);
            BinaryPrimitives.WriteInt32BigEndian(entry[4..], RoundUp(data.Length));
            BinaryPrimitives.WriteInt32BigEndian(entry[8..], data.Length);
            BinaryPrimitives.WriteInt64BigEndian(entry[16..], position);
            data.CopyTo(bytes, position);
            position += RoundUp(data.Length);
        }

        Seal(header, 36);
        return position;
    }
}
