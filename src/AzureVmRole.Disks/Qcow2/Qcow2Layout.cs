namespace AzureVmRole.Disks.Qcow2;

/// <summary>How a file is divided: clusters, subclusters, and what an L2 table reaches.</summary>
internal readonly record struct Qcow2Layout
{
    private const int EntrySize = 8;
    private const int ExtendedEntrySize = 16;

    public Qcow2Layout(int clusterBits, bool hasExtendedEntries)
    {
        ClusterBits = clusterBits;
        HasExtendedEntries = hasExtendedEntries;
    }

    public int ClusterBits { get; }

    /// <summary>Whether L2 entries have 16 bytes and clusters 32 parts ("Extended L2 Entries").</summary>
    public bool HasExtendedEntries { get; }

    public int ClusterSize => 1 << ClusterBits;

    public int SubclusterSize => ClusterSize / Qcow2Format.SubclusterCount;

    public int L2EntrySize => HasExtendedEntries ? ExtendedEntrySize : EntrySize;

    public int L2EntryCount => ClusterSize / L2EntrySize;

    /// <summary>The bytes of the disk that one L2 table describes.</summary>
    public long TableSpan => (long)L2EntryCount << ClusterBits;

    /// <summary>The bytes of the disk that are stored in one way at the least.</summary>
    public int UnitSize => HasExtendedEntries ? SubclusterSize : ClusterSize;
}
