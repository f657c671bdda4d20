using System.Buffers.Binary;
using System.Collections.Concurrent;
using AzureVmRole.Disks.Copying;
using AzureVmRole.Disks.Files;
using AzureVmRole.Disks.Vhd;

namespace AzureVmRole.Disks.Merging;

/// <summary>
/// Writes into a VHD that has content already. Order for new blocks: data and bitmap first, then stable storage, then the
/// table entry; what is behind the last block in use is dropped first, so that a repeated merge does not grow the file.
/// </summary>
internal sealed class VhdMergeWriter : DiskImageWriter
{
    private const int MaximumBitmaps = 4096;

    private readonly DiskFile _file;
    private readonly DynamicVhdDisk? _dynamic;
    private readonly VhdBlockLayout _layout;
    private readonly ConcurrentDictionary<int, byte[]> _bitmaps = [];
    private readonly ConcurrentBag<int> _newBlocks = [];
    private readonly byte[] _footer;
    private readonly Lock _lock = new();
    private long _end;

    public VhdMergeWriter(VirtualDisk target)
    {
        _file = target.File;
        LengthInBytes = target.LengthInBytes;
        _footer = ((IVhdDisk)target).Footers.Footer.ToArray();
        _dynamic = target as DynamicVhdDisk;
        if (_dynamic is { } dynamic)
        {
            _layout = new VhdBlockLayout((int)dynamic.BlockSizeInBytes);
            _end = DataEnd(dynamic);

            // While the footer at the end is gone, the copy at the start is all there is.
            _file.Write(0, _footer);
            _file.Flush();
            _file.SetLength(_end);
        }
    }

    public override long LengthInBytes { get; }

    public override int UnitSizeInBytes => _dynamic is null ? 1 << 20 : _layout.BlockSize;

    public override long EstimateFileLength(long dataInBytes) => dataInBytes;

    public override void Write(long diskOffset, ReadOnlySpan<byte> data)
    {
        if (_dynamic is not { } target)
        {
            _file.Write(diskOffset, data);
            return;
        }

        int block = (int)(diskOffset >> _layout.BlockShift);
        int within = (int)(diskOffset - ((long)block << _layout.BlockShift));
        if (_bitmaps.Count >= MaximumBitmaps)
        {
            // Each is in the file already; one that is still being filled is read from there again.
            _bitmaps.Clear();
        }

        byte[] bitmap = _bitmaps.GetOrAdd(block, OpenBlock);
        long blockOffset = (long)target.Table[block] * VhdFormatConstants.SectorSize;
        _file.Write(blockOffset + _layout.BitmapSize + within, data);
        int sectors = (data.Length + VhdFormatConstants.SectorSize - 1) / VhdFormatConstants.SectorSize;
        VhdSectorBitmap.Set(bitmap, within / VhdFormatConstants.SectorSize, sectors);
        _file.Write(blockOffset, bitmap);
    }

    public override void Complete()
    {
        if (_dynamic is not { Header: { } header } target)
        {
            return;
        }

        _file.Flush();
        byte[] entry = new byte[sizeof(uint)];
        foreach (int block in _newBlocks)
        {
            BinaryPrimitives.WriteUInt32BigEndian(entry, target.Table[block]);
            _file.Write((long)header.TableOffset + ((long)block * sizeof(uint)), entry);
        }

        _file.SetLength(_end);
        _file.Write(_end, _footer);
    }

    private static long DataEnd(DynamicVhdDisk disk)
    {
        VhdDynamicHeader header = disk.Header ?? default;
        var layout = new VhdBlockLayout((int)header.BlockSize);
        long end = Math.Max(
            (long)disk.Footers.Footer.DataOffset + VhdDynamicHeader.Size,
            Math.Min(
                disk.Footers.DataEnd, (long)header.TableOffset + ((long)header.MaxTableEntries * sizeof(uint))));
        foreach (VhdParentLocator locator in header.Locators)
        {
            if (locator.IsUsed && locator.EndsBefore(disk.File.Length))
            {
                end = Math.Max(end, (long)locator.DataOffset + locator.DataLength);
            }
        }

        foreach (uint entry in disk.Table.Entries)
        {
            if (entry != VhdFormatConstants.UnusedEntry)
            {
                end = Math.Max(end, ((long)entry * VhdFormatConstants.SectorSize) + layout.StoredSize);
            }
        }

        return VhdBlockLayout.RoundUp(end, VhdFormatConstants.SectorSize);
    }

    private byte[] OpenBlock(int block)
    {
        DynamicVhdDisk target = _dynamic ?? throw new InvalidOperationException("A fixed disk has no blocks.");
        byte[] bitmap = new byte[_layout.BitmapSize];
        if (target.Table[block] != VhdFormatConstants.UnusedEntry)
        {
            _file.ReadExactly((long)target.Table[block] * VhdFormatConstants.SectorSize, bitmap);
            return bitmap;
        }

        if (target.Type == VhdType.Dynamic)
        {
            // Some readers pass over the bitmap of a disk without a parent; the file is a hole there, so zeros show.
            bitmap.AsSpan(0, _layout.SectorsPerBlock / 8).Fill(0xFF);
        }

        lock (_lock)
        {
            target.Table[block] = (uint)(_end / VhdFormatConstants.SectorSize);
            _end += _layout.StoredSize;
        }

        _newBlocks.Add(block);
        return bitmap;
    }
}
