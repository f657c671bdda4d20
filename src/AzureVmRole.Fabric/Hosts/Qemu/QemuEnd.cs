namespace AzureVmRole.Fabric.Hosts.Qemu;

/// <summary>How a boot ended.</summary>
/// <param name="IsCrash">Whether the process died by itself: the guest had not shut down, and nobody had turned it off.</param>
/// <param name="Said">What QEMU said about it; empty when nothing.</param>
internal sealed record QemuEnd(bool IsCrash, string Said);
