using System.Buffers.Binary;
using AzureVmRole.Disks.Editing;
using AzureVmRole.Disks.Files;
using AzureVmRole.Disks.Partitions;

namespace AzureVmRole.Disks.Vhd;

/// <summary>
/// Plans how a dynamic or differencing VHD grows, gets mended headers or other sectors, in place. New tables and blocks go
/// behind everything that is there, the headers at the start switch to them in one write, the footer comes last: a reader
/// that falls back on the footer's copy sees the old disk or the new one at every point.
/// </summary>
internal sealed class DynamicVhdEdit
{
    private readonly DiskFile _file;
    private readonly VhdBlockLayout _layout;
    private readonly VhdBlockTable _table;
    private readonly long _oldLength;
    private readonly long _dataEnd;
    private readonly SortedDictionary<int, byte[]> _bitmaps = [];
    private readonly HashSet<int> _newBlocks = [];
    private readonly DiskEdit _edit = new();
    private VhdDynamicHeader _header;
    private VhdFooter _footer;
    private long _end;
    private bool _tableMoved;

    /// <summary>Starts a plan.</summary>
    /// <param name="file">The disk.</param>
    /// <param name="footers">Its footers.</param>
    /// <param name="header">Its dynamic header.</param>
    /// <param name="table">Its block table; grows with the disk.</param>
    public DynamicVhdEdit(DiskFile file, VhdFooterSet footers, VhdDynamicHeader header, VhdBlockTable table)
    {
        _file = file;
        _footer = footers.Footer;
        _header = header;
        _table = table;
        _layout = new VhdBlockLayout((int)header.BlockSize);
        _oldLength = (long)footers.Footer.CurrentSize;
        _dataEnd = footers.DataEnd;

        // Behind the old footer. Once the file is longer, or the last block reaches over that footer, its copy is what tells.
        _end = file.Length;
        _edit.Add(0, footers.Footer.ToArray());
    }

    /// <summary>The footer that the disk is to have.</summary>
    public VhdFooter Footer
    {
        get => _footer;
        set => _footer = value;
    }

    /// <summary>Gives the disk another, larger size.</summary>
    public DynamicVhdEdit GrowTo(long sizeInBytes)
    {
        ClearBehindOldEnd(sizeInBytes);
        _footer = _footer with { CurrentSize = (ulong)sizeInBytes, Geometry = VhdGeometry.FromSize(sizeInBytes) };
        int oldCount = _table.Count;
        _table.Grow((int)_layout.BlockCount(sizeInBytes));
        if (_table.Count > _header.MaxTableEntries || !IsSpareTableFree(oldCount))
        {
            _tableMoved = true;
            _header = _header with { MaxTableEntries = (uint)_table.Count };
        }
        else if (_table.Count > oldCount)
        {
            // What the table holds behind its last entry in use was never read and may be anything.
            byte[] unused = new byte[(_table.Count - oldCount) * sizeof(uint)];
            unused.AsSpan().Fill(0xFF);
            _edit.Add((long)_header.TableOffset + ((long)oldCount * sizeof(uint)), unused);
        }

        return this;
    }

    /// <summary>Points the disk to a parent.</summary>
    public DynamicVhdEdit SetParent(VirtualDisk parent)
    {
        var paths = new VhdParentPaths(_file.Path, parent.Path);
        long offset = Append(paths.ToArray());
        _header = _header with
        {
            ParentUniqueId = parent.Identifier,
            ParentTimeStamp = DifferencingVhd.ParentTimeStamp(parent),
            ParentName = Path.GetFileName(parent.Path),
            Locators = paths.LocatorsAt(offset),
        };
        return this;
    }

    /// <summary>Writes sectors of the disk, adding blocks where there are none.</summary>
    public DynamicVhdEdit Write(IEnumerable<SectorWrite> writes)
    {
        foreach (SectorWrite write in writes)
        {
            if (write.DiskOffset < (long)_footer.CurrentSize)
            {
                WriteSectors(write.DiskOffset, write.Data.Span);
            }
        }

        return this;
    }

    /// <summary>The finished plan.</summary>
    public DiskEdit Finish()
    {
        foreach ((int block, byte[] bitmap) in _bitmaps)
        {
            _edit.Add((long)_table[block] * VhdFormatConstants.SectorSize, bitmap);
        }

        WriteTable();
        byte[] footer = _footer.ToArray();
        byte[] header = new byte[VhdDynamicHeader.Size];
        _header.WriteTo(header);
        if (_footer.DataOffset == VhdFooter.Size)
        {
            _edit.Add(0, [.. footer, .. header]);
        }
        else
        {
            _edit.Add((long)_footer.DataOffset, header);
            _edit.Add(0, footer);
        }

        // Nothing was added: the footer stays where it is.
        long footerOffset = _end == _file.Length ? FooterOffset() : _end;
        _edit.Add(footerOffset, footer);
        _edit.FinalLength = footerOffset + VhdFooter.Size;
        return _edit;
    }

    private long FooterOffset()
    {
        byte[] tail = new byte[VhdFooter.Size];
        foreach (int size in new[] { VhdFooter.Size, VhdFooter.Size - 1 })
        {
            _file.ReadExactly(_file.Length - size, tail.AsSpan(0, size));
            if (VhdFooter.HasCookie(tail))
            {
                return _file.Length - size;
            }
        }

        return VhdBlockLayout.RoundUp(_file.Length, VhdFormatConstants.SectorSize);
    }

    private void WriteTable()
    {
        if (_tableMoved)
        {
            long offset = Append(_table.ToArray(_table.Count));
            _header = _header with { TableOffset = (ulong)offset };
            return;
        }

        foreach (int block in _newBlocks)
        {
            byte[] entry = new byte[sizeof(uint)];
            BinaryPrimitives.WriteUInt32BigEndian(entry, _table[block]);
            _edit.Add((long)_header.TableOffset + ((long)block * sizeof(uint)), entry);
        }
    }

    private long Append(byte[] data)
    {
        long offset = VhdBlockLayout.RoundUp(_end, VhdFormatConstants.SectorSize);
        _edit.Add(offset, data);
        _end = offset + data.Length;
        return offset;
    }

    private void WriteSectors(long diskOffset, ReadOnlySpan<byte> data)
    {
        while (!data.IsEmpty)
        {
            int block = (int)(diskOffset >> _layout.BlockShift);
            int within = (int)(diskOffset - ((long)block << _layout.BlockShift));
            int length = Math.Min(data.Length, _layout.BlockSize - within);
            byte[] bitmap = BitmapOf(block);
            VhdSectorBitmap.Set(bitmap, within / VhdFormatConstants.SectorSize, length / VhdFormatConstants.SectorSize);
            long dataOffset = ((long)_table[block] * VhdFormatConstants.SectorSize) + _layout.BitmapSize;
            _edit.Add(dataOffset + within, data[..length].ToArray());
            diskOffset += length;
            data = data[length..];
        }
    }

    private byte[] BitmapOf(int block)
    {
        if (_bitmaps.TryGetValue(block, out byte[]? bitmap))
        {
            return bitmap;
        }

        bitmap = new byte[_layout.BitmapSize];
        if (_table[block] == VhdFormatConstants.UnusedEntry)
        {
            _table[block] = (uint)(VhdBlockLayout.RoundUp(_end, VhdFormatConstants.SectorSize) / VhdFormatConstants.SectorSize);
            _end = ((long)_table[block] * VhdFormatConstants.SectorSize) + _layout.StoredSize;
            _newBlocks.Add(block);
            if (_footer.DiskType == (uint)VhdType.Dynamic)
            {
                // Some readers pass over the bitmap of a disk without a parent; the file is a hole there, so zeros show.
                bitmap.AsSpan(0, _layout.SectorsPerBlock / 8).Fill(0xFF);
            }
        }
        else
        {
            _file.ReadExactly((long)_table[block] * VhdFormatConstants.SectorSize, bitmap);
        }

        _bitmaps.Add(block, bitmap);
        return bitmap;
    }

    /// <summary>
    /// Whether nothing lies where the table would grow: some tools write more entries into the header than they left room for.
    /// </summary>
    private bool IsSpareTableFree(int oldCount)
    {
        long start = (long)_header.TableOffset + ((long)oldCount * sizeof(uint));
        long end = (long)_header.TableOffset + ((long)_table.Count * sizeof(uint));
        if (end > _dataEnd || Overlaps(start, end, (long)_footer.DataOffset, VhdDynamicHeader.Size))
        {
            return end == start;
        }

        foreach (uint entry in _table.Entries[..oldCount])
        {
            if (entry != VhdFormatConstants.UnusedEntry
                && Overlaps(start, end, (long)entry * VhdFormatConstants.SectorSize, _layout.StoredSize))
            {
                return false;
            }
        }

        return !_header.Locators.Any(locator => locator.IsUsed && locator.EndsBefore(_file.Length)
            && Overlaps(start, end, (long)locator.DataOffset, locator.DataLength));
    }

    private static bool Overlaps(long start, long end, long otherStart, long otherLength) =>
        start < otherStart + otherLength && otherStart < end;

    /// <summary>The part of the last block that the old size cut off becomes visible, so it must be zero.</summary>
    private void ClearBehindOldEnd(long sizeInBytes)
    {
        int within = (int)(_oldLength % _layout.BlockSize);
        int block = (int)(_oldLength >> _layout.BlockShift);
        if (within == 0 || _table[block] == VhdFormatConstants.UnusedEntry)
        {
            return;
        }

        int length = (int)Math.Min(_layout.BlockSize - within, sizeInBytes - _oldLength);
        long offset = ((long)_table[block] * VhdFormatConstants.SectorSize) + _layout.BitmapSize + within;

        // The last block of a file may be cut where the disk ends; then the rest of it lies under the old footer.
        _edit.Add(offset, new byte[length]);
        _end = Math.Max(_end, offset + (_layout.BlockSize - within));
    }
}
