namespace AzureVmRole.Fabric.VirtualMachines;

/// <summary>Whether a disk can be attached.</summary>
internal enum VmDiskCondition
{
    /// <summary>There is no such disk.</summary>
    Missing,

    /// <summary>It is being made.</summary>
    InTheMaking,

    /// <summary>It could not be made.</summary>
    Failed,

    /// <summary>Its blob is there.</summary>
    Ready,
}
