using AzureVmRole.Disks.Copying;
using AzureVmRole.Disks.Files;

namespace AzureVmRole.Disks.Vhd;

/// <summary>
/// Writes a dynamic VHD. Blocks are laid out so that their data starts on 4 KiB boundaries of the file (a bitmap ends
/// where a page does), which is what Hyper-V calls aligned.
/// </summary>
internal sealed class DynamicVhdWriter : DiskImageWriter
{
    private const int PageSize = 4096;
    private const int TableOffset = VhdFooter.Size + VhdDynamicHeader.Size;

    private readonly DiskFile _file;
    private readonly VhdFooter _footer;
    private readonly VhdBlockLayout _layout;
    private readonly VhdBlockTable _table;
    private readonly byte[] _fullBitmap;
    private readonly long _firstDataOffset;
    private readonly long _stride;
    private int _allocated;

    /// <summary>Starts a disk in an empty file.</summary>
    public DynamicVhdWriter(DiskFile file, VhdFooter footer, int blockSize)
    {
        _file = file;
        _footer = footer;
        _layout = new VhdBlockLayout(blockSize);
        _table = VhdBlockTable.CreateEmpty((int)_layout.BlockCount((long)footer.CurrentSize));
        _fullBitmap = new byte[_layout.BitmapSize];
        _fullBitmap.AsSpan(0, _layout.SectorsPerBlock / 8).Fill(0xFF);
        long tableEnd = TableOffset + VhdBlockLayout.RoundUp((long)_table.Count * sizeof(uint), VhdFormatConstants.SectorSize);
        _firstDataOffset = VhdBlockLayout.RoundUp(tableEnd + _layout.BitmapSize, PageSize);
        _stride = VhdBlockLayout.RoundUp(_layout.StoredSize, PageSize);
    }

    /// <summary>Whether the table's 32-bit sector numbers reach every block of a disk that is full.</summary>
    public static bool CanHold(long sizeInBytes, int blockSize)
    {
        var layout = new VhdBlockLayout(blockSize);
        long blocks = layout.BlockCount(sizeInBytes);
        long end = VhdBlockLayout.RoundUp(TableOffset + (blocks * sizeof(uint)) + layout.BitmapSize, PageSize)
            + (blocks * VhdBlockLayout.RoundUp(layout.StoredSize, PageSize));
        return end / VhdFormatConstants.SectorSize < VhdFormatConstants.UnusedEntry;
    }

    public override long LengthInBytes => (long)_footer.CurrentSize;

    public override int UnitSizeInBytes => _layout.BlockSize;

    public override long EstimateFileLength(long dataInBytes) => _firstDataOffset + dataInBytes + VhdFooter.Size;

    public override void Write(long diskOffset, ReadOnlySpan<byte> data)
    {
        int block = (int)(diskOffset >> _layout.BlockShift);
        if (_table[block] == VhdFormatConstants.UnusedEntry)
        {
            Allocate(block);
        }

        long dataOffset = ((long)_table[block] * VhdFormatConstants.SectorSize) + _layout.BitmapSize;
        _file.Write(dataOffset + (diskOffset - ((long)block << _layout.BlockShift)), data);
    }

    public override void Complete()
    {
        long end = _allocated == 0 ? _firstDataOffset - _layout.BitmapSize : _firstDataOffset + (_allocated * _stride);
        byte[] footer = _footer.ToArray();
        byte[] header = new byte[VhdDynamicHeader.Size];
        new VhdDynamicHeader
        {
            DataOffset = VhdFormatConstants.NoDataOffset,
            TableOffset = TableOffset,
            Version = VhdFormatConstants.Version,
            MaxTableEntries = (uint)_table.Count,
            BlockSize = (uint)_layout.BlockSize,
            ParentName = "",
            Locators = [],
        }.WriteTo(header);
        _file.SetLength(end);
        _file.Write(TableOffset, _table.ToArray(_table.Count));
        _file.Write(VhdFooter.Size, header);
        _file.Write(0, footer);
        _file.Write(end, footer);
    }

    private void Allocate(int block)
    {
        long dataOffset = _firstDataOffset + ((Interlocked.Increment(ref _allocated) - 1) * _stride);
        long bitmapOffset = dataOffset - _layout.BitmapSize;
        _file.Write(bitmapOffset, _fullBitmap);
        _table[block] = (uint)(bitmapOffset / VhdFormatConstants.SectorSize);
    }
}
