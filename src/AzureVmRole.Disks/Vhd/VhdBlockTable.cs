using System.Buffers.Binary;
using System.Runtime.InteropServices;
using AzureVmRole.Disks.Files;

namespace AzureVmRole.Disks.Vhd;

/// <summary>
/// "Block Allocation Table": where each block is, as a sector number. Read whole and checked whole when the disk is opened
/// (4 MiB for the largest disk with blocks of 2 MiB), so that no read can return another block's bytes.
/// </summary>
internal sealed class VhdBlockTable
{
    private uint[] _entries;

    private VhdBlockTable(uint[] entries) => _entries = entries;

    public int Count => _entries.Length;

    public ReadOnlySpan<uint> Entries => _entries;

    public uint this[int blockIndex]
    {
        get => _entries[blockIndex];
        set => _entries[blockIndex] = value;
    }

    /// <summary>Reads and checks the table.</summary>
    /// <param name="file">The disk.</param>
    /// <param name="footer">Its footer.</param>
    /// <param name="header">Its dynamic header.</param>
    /// <param name="dataEnd">Where blocks must end: the tail footer, or the end of a file that lacks it.</param>
    /// <exception cref="DiskFormatException">An entry points outside the file, into the tables or into another block.</exception>
    public static VhdBlockTable Read(DiskFile file, VhdFooter footer, VhdDynamicHeader header, long dataEnd)
    {
        var layout = new VhdBlockLayout((int)header.BlockSize);
        int count = (int)layout.BlockCount((long)footer.CurrentSize);
        uint[] entries = new uint[count];
        Span<byte> bytes = MemoryMarshal.AsBytes(entries.AsSpan());
        file.ReadExactly((long)header.TableOffset, bytes);
        if (BitConverter.IsLittleEndian)
        {
            BinaryPrimitives.ReverseEndianness(entries, entries);
        }

        var table = new VhdBlockTable(entries);
        new VhdBlockTableCheck(file, footer, header, dataEnd).Check(entries);
        return table;
    }

    /// <summary>A table of unused entries.</summary>
    public static VhdBlockTable CreateEmpty(int count)
    {
        uint[] entries = new uint[count];
        Array.Fill(entries, VhdFormatConstants.UnusedEntry);
        return new VhdBlockTable(entries);
    }

    /// <summary>Adds unused entries up to a count.</summary>
    public void Grow(int count)
    {
        int old = _entries.Length;
        Array.Resize(ref _entries, Math.Max(old, count));
        _entries.AsSpan(old).Fill(VhdFormatConstants.UnusedEntry);
    }

    /// <summary>The table in file form, padded with unused entries to whole sectors.</summary>
    public byte[] ToArray(int entryCount)
    {
        byte[] bytes = new byte[VhdBlockLayout.RoundUp(entryCount * sizeof(uint), VhdFormatConstants.SectorSize)];
        bytes.AsSpan().Fill(0xFF);
        for (int index = 0; index < Math.Min(entryCount, _entries.Length); index++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(index * sizeof(uint)), _entries[index]);
        }

        return bytes;
    }
}
