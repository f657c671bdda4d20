namespace AzureVmRole.Fabric.Hosts.Qemu;

/// <summary>The QEMU of this machine, and what it can.</summary>
/// <param name="ProgramPath">The absolute path of <c>qemu-system-x86_64</c>.</param>
/// <param name="Version">Its version.</param>
/// <param name="Firmware">UEFI for generation 2; null where none is installed.</param>
/// <param name="Accelerator"><c>kvm</c> where it was seen to work, else <c>tcg</c>: software emulation.</param>
internal sealed record QemuInstallation(string ProgramPath, Version Version, QemuFirmware? Firmware, string Accelerator)
{
    /// <summary>The first version whose <c>-netdev stream</c> and PNG screenshots are used.</summary>
    public static readonly Version Oldest = new(7, 2);
}
