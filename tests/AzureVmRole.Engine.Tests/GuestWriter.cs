using System.Buffers.Binary;

namespace AzureVmRole.Engine.Tests;

/// <summary>
/// Writes sectors into a dynamic or differencing VHD as a running guest would. Written from the specification alone, so
/// that tests of chains do not lean on the code they test.
/// </summary>
internal static class GuestWriter
{
    private const int SectorSize = 512;
    private const int HeaderOffset = 512;
    private const int DiskTypeOffset = 60;
    private const uint Unused = 0xFFFFFFFF;

    /// <summary>Writes whole sectors.</summary>
    public static void Write(string path, int diskOffset, ReadOnlySpan<byte> data)
    {
        using FileStream file = File.Open(path, FileMode.Open, FileAccess.ReadWrite);
        byte[] footer = ReadAt(file, file.Length - SectorSize, SectorSize);
        byte[] header = ReadAt(file, HeaderOffset, 1024);
        long tableOffset = BinaryPrimitives.ReadInt64BigEndian(header.AsSpan(16));
        int blockSize = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(32));
        int bitmapSize = Math.Max(SectorSize, blockSize / SectorSize / 8);
        while (!data.IsEmpty)
        {
            int block = diskOffset / blockSize;
            int within = diskOffset % blockSize;
            int length = Math.Min(data.Length, blockSize - within);
            long bitmapOffset = FindBlock(file, footer, tableOffset + (block * 4), bitmapSize, blockSize);
            byte[] bitmap = ReadAt(file, bitmapOffset, bitmapSize);
            for (int sector = within / SectorSize; sector < (within + length) / SectorSize; sector++)
            {
                bitmap[sector / 8] |= (byte)(0x80 >> (sector % 8));
            }

            WriteAt(file, bitmapOffset, bitmap);
            WriteAt(file, bitmapOffset + bitmapSize + within, data[..length]);
            diskOffset += length;
            data = data[length..];
        }
    }

    private static long FindBlock(FileStream file, byte[] footer, long entryOffset, int bitmapSize, int blockSize)
    {
        byte[] entry = ReadAt(file, entryOffset, 4);
        uint sector = BinaryPrimitives.ReadUInt32BigEndian(entry);
        if (sector != Unused)
        {
            return (long)sector * SectorSize;
        }

        long offset = file.Length - SectorSize;
        byte[] block = new byte[bitmapSize + blockSize];
        bool isDynamic = BinaryPrimitives.ReadInt32BigEndian(footer.AsSpan(DiskTypeOffset)) == (int)VhdType.Dynamic;
        block.AsSpan(0, blockSize / SectorSize / 8).Fill((byte)(isDynamic ? 0xFF : 0));
        WriteAt(file, offset, block);
        WriteAt(file, offset + block.Length, footer);
        BinaryPrimitives.WriteUInt32BigEndian(entry, (uint)(offset / SectorSize));
        WriteAt(file, entryOffset, entry);
        return offset;
    }

    private static byte[] ReadAt(FileStream file, long offset, int length)
    {
        byte[] bytes = new byte[length];
        file.Position = offset;
        file.ReadExactly(bytes);
        return bytes;
    }

    private static void WriteAt(FileStream file, long offset, ReadOnlySpan<byte> data)
    {
        file.Position = offset;
        file.Write(data);
    }
}
