using System.Numerics;
using AzureVmRole.Disks.Files;

namespace AzureVmRole.Disks.Qcow2;

/// <summary>Checks the entries of an L2 table when it is first read, so that the map can rely on them.</summary>
internal sealed class Qcow2TableCheck(DiskFile file, Qcow2Header header, Qcow2Layout layout, long diskLength, Qcow2ClusterUse use)
{
    /// <exception cref="DiskFormatException">An entry is wrong, or the file ends before its data.</exception>
    public void Check(ReadOnlySpan<byte> table, long tableOffset, long diskOffset)
    {
        for (int index = NextUsed(table, 0); index < layout.L2EntryCount; index = NextUsed(table, index + 1))
        {
            long clusterOffset = diskOffset + ((long)index << layout.ClusterBits);
            if (clusterOffset >= diskLength)
            {
                return;
            }

            var entry = Qcow2Entry.Parse(table, index, layout);
            long needed = Math.Min(layout.ClusterSize, diskLength - clusterOffset);
            if (FindFault(entry, needed) is { } reason)
            {
                throw Qcow2Errors.Table(
                    file.Path, $"L2 entry for disk offset 0x{clusterOffset:X}",
                    tableOffset + ((long)index * layout.L2EntrySize), entry.Descriptor, reason);
            }
        }
    }

    private int NextUsed(ReadOnlySpan<byte> table, int index)
    {
        int zeros = table[(index * layout.L2EntrySize)..].IndexOfAnyExcept((byte)0);
        return zeros < 0 ? layout.L2EntryCount : index + (zeros / layout.L2EntrySize);
    }

    private string? FindFault(Qcow2Entry entry, long needed)
    {
        if (entry.IsCompressed)
        {
            return FindCompressedFault(entry);
        }

        if ((entry.Descriptor & Qcow2Entry.ReservedMask) != 0)
        {
            return "reserved bits are set";
        }

        if (entry.HasZeroFlag && (header.Version < 3 || layout.HasExtendedEntries))
        {
            return "this kind of image has no zero flag";
        }

        if ((entry.AllocatedSubclusters & entry.ZeroSubclusters) != 0)
        {
            return $"subclusters are both allocated and zero (bitmap 0x{entry.Bitmap:X16})";
        }

        if (entry.HasZeroFlag || (layout.HasExtendedEntries && entry.AllocatedSubclusters == 0))
        {
            // An offset here only reserves a place; nothing is read from it.
            return null;
        }

        if (layout.HasExtendedEntries)
        {
            int last = BitOperations.Log2(entry.AllocatedSubclusters);
            needed = Math.Min(needed, (last + 1L) * layout.SubclusterSize);
        }

        return FindPlaceFault(entry.HostOffset, needed);
    }

    private string? FindPlaceFault(long hostOffset, long needed) =>
        hostOffset < layout.ClusterSize ? "no data cluster is at offset 0"
        : hostOffset % layout.ClusterSize != 0 ? $"the cluster is not at a multiple of {layout.ClusterSize}"
        : hostOffset > file.Length - needed ? $"the cluster ends after the end of the file, 0x{file.Length:X}"
        : !use.TryTake(hostOffset) ? "the cluster has another use: a table, or the data of another entry"
        : null;

    private string? FindCompressedFault(Qcow2Entry entry)
    {
        (long offset, _) = entry.CompressedData(layout.ClusterBits);
        return offset < layout.ClusterSize ? "no compressed data are in the header"
            : offset >= file.Length ? $"the compressed data start after the end of the file, 0x{file.Length:X}"
            : null;
    }
}
