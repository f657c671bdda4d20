namespace AzureVmRole.Fabric.VirtualMachines;

/// <summary>A disk as a virtual machine asks for it.</summary>
/// <param name="Lun">The logical unit number of a data disk; <see cref="OSLun"/> for the disk of the operating system.</param>
/// <param name="Name">The disk resource's name.</param>
/// <param name="DiskId">The disk resource's id.</param>
/// <param name="Caching"><c>None</c>, <c>ReadOnly</c> or <c>ReadWrite</c>.</param>
/// <param name="IsDeletedWithVm">Whether the disk goes with the virtual machine (<c>deleteOption: Delete</c>).</param>
internal sealed record VmDisk(int Lun, string Name, string DiskId, string Caching, bool IsDeletedWithVm)
{
    /// <summary>Stands for the disk of the operating system.</summary>
    public const int OSLun = -1;

    /// <summary>The id as disks are compared by.</summary>
    public string Key => DiskId.ToLowerInvariant();

    /// <summary>What is attached when this disk is.</summary>
    public VmAttachment Attachment => new(Lun, DiskId, Caching);
}
