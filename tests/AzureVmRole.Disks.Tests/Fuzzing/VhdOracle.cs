using System.Buffers.Binary;
using AzureVmRole.TestKit;

namespace AzureVmRole.Disks.Tests.Fuzzing;

/// <summary>
/// A second, simple reader of VHD files, written from the specification: slow, all in memory, and strict about what lies
/// over what. It knows what a damaged file shows, or that nobody can know.
/// </summary>
internal static class VhdOracle
{
    private const int SectorSize = 512;

    /// <summary>The content of a disk that the engine has opened, with the parents that the engine found; null: cannot be told.</summary>
    public static byte[]? Read(VirtualDisk disk)
    {
        byte[] file = File.ReadAllBytes(disk.Path);
        int tail = TailOffset(file);
        byte[]? footer = Footer(file, tail);
        if (footer is null)
        {
            return null;
        }

        int dataEnd = tail < 0 ? file.Length : tail;
        return Int32(footer, 60) == VhdImageBuilder.Fixed ? file[..dataEnd] : ReadBlocks(disk, file, footer, dataEnd);
    }

    private static byte[]? ReadBlocks(VirtualDisk disk, byte[] file, byte[] footer, int dataEnd)
    {
        ulong size = UInt64(footer, 48);
        ulong headerOffset = UInt64(footer, 16);
        if (size > 1 << 26 || headerOffset > (ulong)file.Length - 1024)
        {
            return null;
        }

        byte[] header = file[(int)headerOffset..((int)headerOffset + 1024)];
        int blockSize = Int32(header, 32);
        ulong tableOffset = UInt64(header, 16);
        int blocks = blockSize <= 0 ? 0 : (int)((size + (ulong)blockSize - 1) / (ulong)blockSize);
        if (blocks == 0 || tableOffset > (ulong)dataEnd - ((ulong)blocks * 4))
        {
            return null;
        }

        var used = new List<(long From, long To)> { (0, 512), ((long)headerOffset, (long)headerOffset + 1024) };
        used.Add(((long)tableOffset, (long)tableOffset + (blocks * 4L)));
        byte[] content = disk.Parent is { } parent ? Cut(Read(parent), (int)size) : new byte[size];
        int bitmapSize = ((blockSize / SectorSize / 8) + SectorSize - 1) / SectorSize * SectorSize;
        for (int block = 0; block < blocks; block++)
        {
            uint entry = (uint)Int32(file, (int)tableOffset + (block * 4));
            if (entry != uint.MaxValue)
            {
                long start = entry * (long)SectorSize;
                int shown = (int)Math.Min((ulong)blockSize, size - ((ulong)block * (ulong)blockSize));
                used.Add((start, start + bitmapSize + shown));
                if (start + bitmapSize + shown > dataEnd)
                {
                    return null;
                }

                CopyMarked(file, (int)start, bitmapSize, content, block * blockSize, shown);
            }
        }

        used.Sort();
        bool isClear = used.Zip(used.Skip(1)).All(pair => pair.First.To <= pair.Second.From);
        return isClear ? content : null;
    }

    private static void CopyMarked(byte[] file, int start, int bitmapSize, byte[] content, int diskOffset, int length)
    {
        for (int sector = 0; sector * SectorSize < length; sector++)
        {
            if ((file[start + (sector / 8)] & (128 >> (sector % 8))) != 0)
            {
                Array.Copy(file, start + bitmapSize + (sector * SectorSize), content, diskOffset + (sector * SectorSize), SectorSize);
            }
        }
    }

    private static byte[]? Footer(byte[] file, int tail)
    {
        byte[]? atEnd = tail < 0 ? null : [.. file[tail..], .. new byte[SectorSize - (file.Length - tail)]];
        if (atEnd is not null && IsSealed(atEnd))
        {
            return atEnd;
        }

        bool hasCopy = file.Length >= SectorSize && HasCookie(file, 0) && IsSealed(file[..SectorSize])
            && Int32(file, 60) != VhdImageBuilder.Fixed;
        return hasCopy ? file[..SectorSize] : atEnd;
    }

    private static int TailOffset(byte[] file)
    {
        int[] offsets = [file.Length - SectorSize, file.Length - SectorSize + 1];
        return Array.Find(offsets, offset => offset >= 0 && HasCookie(file, offset)) is var found && found > 0
            ? found
            : file.Length >= SectorSize && HasCookie(file, file.Length - SectorSize) ? 0 : -1;
    }

    private static bool HasCookie(byte[] file, int offset) => file.AsSpan(offset).StartsWith("conectix"u8);

    private static bool IsSealed(byte[] footer)
    {
        byte[] copy = [.. footer];
        VhdImageBuilder.Seal(copy, 64);
        return copy.AsSpan().SequenceEqual(footer);
    }

    private static byte[] Cut(byte[]? parent, int length)
    {
        byte[] content = new byte[length];
        parent?.AsSpan(0, Math.Min(length, parent.Length)).CopyTo(content);
        return content;
    }

    private static int Int32(byte[] bytes, int offset) => BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(offset));

    private static ulong UInt64(byte[] bytes, int offset) => BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(offset));
}
