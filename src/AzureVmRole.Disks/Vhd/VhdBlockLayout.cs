using System.Numerics;

namespace AzureVmRole.Disks.Vhd;

/// <summary>"Data Blocks": a block is a sector bitmap, padded to a sector, and its data.</summary>
internal readonly record struct VhdBlockLayout(int BlockSize)
{
    /// <summary>The bitmap's length in bytes, a whole number of sectors.</summary>
    public int BitmapSize => RoundUp(SectorsPerBlock / 8, VhdFormatConstants.SectorSize);

    public int SectorsPerBlock => BlockSize / VhdFormatConstants.SectorSize;

    /// <summary>Bitmap and data together.</summary>
    public long StoredSize => (long)BitmapSize + BlockSize;

    public int BlockShift => BitOperations.Log2((uint)BlockSize);

    public long BlockCount(long sizeInBytes) => (sizeInBytes + BlockSize - 1) / BlockSize;

    public static int RoundUp(int value, int unit) => (value + unit - 1) / unit * unit;

    public static long RoundUp(long value, long unit) => (value + unit - 1) / unit * unit;
}
