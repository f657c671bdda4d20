using AzureVmRole.Disks;
using AzureVmRole.Disks.Partitions;

namespace AzureVmRole.Engine.Images;

/// <summary>Decides whether a disk can take another size, and what must be written for its partition table to fit.</summary>
internal static class ResizePlan
{
    private const int ScanSize = 1 << 20;

    /// <summary>The writes that make the partition table fit.</summary>
    /// <exception cref="DiskOperationException">The new size would cut a partition, or data outside of partitions that nobody described.</exception>
    public static IReadOnlyList<SectorWrite> Create(VirtualDisk disk, long newSizeInBytes)
    {
        if (newSizeInBytes == disk.LengthInBytes)
        {
            return [];
        }

        var table = PartitionTable.Read(disk);
        if (newSizeInBytes < disk.LengthInBytes && table.Style == PartitionStyle.Raw)
        {
            CheckNothingIsCut(disk, newSizeInBytes);
        }

        try
        {
            return GptRelocation.Plan(table, newSizeInBytes);
        }
        catch (DiskFormatException exception)
            when (exception.Code == ErrorCode.PartitionTableInvalid && newSizeInBytes > disk.LengthInBytes)
        {
            // A table nobody can read stays as it is; more room does it no harm, and its findings tell of it.
            return [];
        }
    }

    /// <summary>Without a partition table nobody knows what is in use, so only zeros may be cut.</summary>
    private static void CheckNothingIsCut(VirtualDisk disk, long newSizeInBytes)
    {
        byte[] buffer = new byte[ScanSize];
        foreach (DiskExtent extent in disk.EnumerateDataExtents(newSizeInBytes, disk.LengthInBytes - newSizeInBytes))
        {
            for (long offset = extent.DiskOffset; offset < extent.End; offset += ScanSize)
            {
                Span<byte> piece = buffer.AsSpan(0, (int)Math.Min(ScanSize, extent.End - offset));
                disk.ReadExtent(extent.Slice(offset, piece.Length), piece);
                if (piece.ContainsAnyExcept((byte)0))
                {
                    throw new DiskOperationException(
                        ErrorCode.ShrinkCutsPartition, disk.Path,
                        $"'{disk.Path}' has no partition table, and a size of {newSizeInBytes} bytes would cut data at offset 0x{offset:X}.",
                        "Shrink the file system in the guest first, and clear what is behind it; or give a larger size.");
                }
            }
        }
    }
}
