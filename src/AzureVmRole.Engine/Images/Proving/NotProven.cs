namespace AzureVmRole.Engine.Images.Proving;

/// <summary>What a verdict of Ready does not say.</summary>
internal static class NotProven
{
    /// <summary>When only the rules were applied.</summary>
    public static string[] WithoutBoot =>
    [
        "Whether the system boots and its agent reports: the rules look at the file and its partitions only. Add -Boot.",
    ];

    /// <summary>When it was booted.</summary>
    /// <param name="accelerator">What ran the guest.</param>
    /// <param name="system">Its operating system.</param>
    /// <param name="controller">The controller that its OS disk was on.</param>
    public static string[] AfterBoot(string accelerator, OSKind system, DiskControllerType controller) =>
    [
        $"Hyper-V's drivers: the guest had {(controller == DiskControllerType.NVMe ? "its OS disk on an NVMe controller of QEMU and else " : "")}virtio devices, and neither storage (hv_storvsc) nor network (hv_netvsc) of Hyper-V, which QEMU does not have. An image without them is Ready here and does not start in Azure.",
        accelerator == "tcg"
            ? "Azure's hypervisor and processors, and times: the guest ran under software emulation."
            : "Azure's hypervisor and processors: the guest ran under KVM.",
        "The size and its devices: temporary disk, Azure's own NVMe controllers, accelerated networking, GPUs, Trusted Launch.",
        "Extensions, and everything beyond the first Ready: the guest had no other network than Azure's own services.",
        .. system == OSKind.Windows ? new[] { "Windows guests at large: the provisioning media was made by the documentation, and never tried with Windows itself." } : [],
    ];
}
