namespace AzureVmRole.Fabric.VirtualMachines;

/// <summary>A disk that is leased to a virtual machine.</summary>
/// <param name="Lun">Its logical unit number; <see cref="VmDisk.OSLun"/> for the disk of the operating system.</param>
/// <param name="DiskId">The disk resource's id.</param>
/// <param name="Caching">The caching that the guest has.</param>
internal sealed record VmAttachment(int Lun, string DiskId, string Caching)
{
    /// <summary>The id as disks are compared by.</summary>
    public string Key => DiskId.ToLowerInvariant();
}
