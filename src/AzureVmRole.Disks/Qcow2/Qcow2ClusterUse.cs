namespace AzureVmRole.Disks.Qcow2;

/// <summary>Remembers which clusters of the file are taken, to find two uses of one. Not thread-safe.</summary>
internal sealed class Qcow2ClusterUse
{
    // A bit per cluster, at most 16 MiB: 8 TiB of 64 KiB clusters. Larger files are read without this check.
    private const long MaximumClusters = 1L << 27;

    private readonly int _clusterBits;
    private readonly ulong[] _taken;

    public Qcow2ClusterUse(int clusterBits, long fileLength)
    {
        _clusterBits = clusterBits;
        long clusters = (fileLength >> clusterBits) + 1;
        _taken = clusters <= MaximumClusters ? new ulong[(clusters + 63) / 64] : [];
    }

    /// <summary>Takes a cluster of the file; false when it was taken before.</summary>
    public bool TryTake(long fileOffset)
    {
        long cluster = fileOffset >> _clusterBits;
        long word = cluster / 64;
        if (word >= _taken.Length)
        {
            return true;
        }

        ulong bit = 1UL << (int)(cluster % 64);
        bool isFree = (_taken[word] & bit) == 0;
        _taken[word] |= bit;
        return isFree;
    }
}
