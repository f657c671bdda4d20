namespace AzureVmRole.Fabric.Placement;

/// <summary>A size of virtual machines; members are those of Azure's <c>virtualMachineSize</c>.</summary>
/// <param name="Name">As clients write it: <c>Standard_D2s_v3</c>.</param>
/// <param name="Cores">Virtual processors.</param>
/// <param name="MemoryInMB">Memory in MiB.</param>
/// <param name="MaxDataDiskCount">The most data disks.</param>
/// <param name="ResourceDiskSizeInMB">The temporary disk in MiB; 0 for sizes that have none.</param>
public sealed record VmSize(string Name, int Cores, int MemoryInMB, int MaxDataDiskCount, int ResourceDiskSizeInMB)
{
    /// <summary>The largest disk of an operating system in MiB, the same for all sizes.</summary>
    public int OSDiskSizeInMB { get; } = 1_047_552;
}
