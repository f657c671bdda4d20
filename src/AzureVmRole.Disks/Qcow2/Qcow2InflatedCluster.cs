namespace AzureVmRole.Disks.Qcow2;

/// <summary>A cluster that is inflated, or about to be by the thread that holds its lock.</summary>
internal sealed class Qcow2InflatedCluster(ulong descriptor, byte[] bytes)
{
    /// <summary>The L2 entry of the cluster.</summary>
    public ulong Descriptor { get; } = descriptor;

    /// <summary>The content of the cluster, once it is there.</summary>
    public byte[] Bytes { get; } = bytes;

    /// <summary>Whether <see cref="Bytes"/> hold the content.</summary>
    public bool IsFilled { get; set; }

    /// <summary>How many threads use the cluster now; its bytes go to no other cluster until there are none.</summary>
    public int UserCount { get; set; }
}
