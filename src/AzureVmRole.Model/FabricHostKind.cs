namespace AzureVmRole;

/// <summary>Where a local fabric runs the guests of virtual machines.</summary>
public enum FabricHostKind
{
    /// <summary><see cref="Qemu"/> where QEMU is installed, else <see cref="Simulated"/>.</summary>
    Auto,

    /// <summary>Nowhere: virtual machines exist in the control plane only, and say so.</summary>
    Simulated,

    /// <summary>In QEMU on this machine: a VHD boots, and its agent provisions it.</summary>
    Qemu,
}
