namespace AzureVmRole.Disks.Qcow2;

/// <summary>A cluster that was inflated. One thread at a time has it.</summary>
internal sealed class Qcow2InflatedCluster(int clusterSize)
{
    /// <summary>The descriptor of the cluster that <see cref="Bytes"/> hold; 0 for none.</summary>
    public ulong Descriptor { get; set; }

    /// <summary>The content of the cluster.</summary>
    public byte[] Bytes { get; } = new byte[clusterSize];
}
