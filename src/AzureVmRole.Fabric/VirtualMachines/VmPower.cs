namespace AzureVmRole.Fabric.VirtualMachines;

/// <summary>Where a virtual machine's power is; the names are those of <c>PowerState/…</c> in lower case.</summary>
internal enum VmPower
{
    /// <summary>No host has it.</summary>
    Deallocated,

    /// <summary>A host keeps its place, and it does not run.</summary>
    Stopped,

    /// <summary>It is being started.</summary>
    Starting,

    /// <summary>It runs.</summary>
    Running,

    /// <summary>It is shutting down.</summary>
    Stopping,
}
