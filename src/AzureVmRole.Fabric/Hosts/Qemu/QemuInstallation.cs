namespace AzureVmRole.Fabric.Hosts.Qemu;

/// <summary>The QEMU of this machine, and what it can.</summary>
/// <param name="ProgramPath">The absolute path of <c>qemu-system-x86_64</c>.</param>
/// <param name="Version">Its version.</param>
/// <param name="Firmware">UEFI for generation 2; null where none is installed.</param>
/// <param name="Accelerator"><c>kvm</c> where it was seen to work, else <c>tcg</c>: software emulation.</param>
internal sealed record QemuInstallation(string ProgramPath, Version Version, QemuFirmware? Firmware, string Accelerator)
{
    // QEMU, qapi/net.json and qapi/ui.json: "Since".
    private static readonly Version FirstWithStreamNetwork = new(7, 2);
    private static readonly Version FirstWithPng = new(7, 1);

    /// <summary>The oldest version that guests were seen to run in: Debian 11's. Elsewhere than on Linux the first whose network needs no TCP port, at which other accounts could not be told.</summary>
    public static readonly Version Oldest = OperatingSystem.IsLinux() ? new Version(5, 2) : FirstWithStreamNetwork;

    /// <summary>Whether it connects a guest's network to a Unix socket (<c>-netdev stream</c>); else to a TCP port (<c>-netdev socket</c>).</summary>
    public bool HasStreamNetwork => Version >= FirstWithStreamNetwork;

    /// <summary>Whether it writes screens as PNG; else as PPM.</summary>
    public bool HasPng => Version >= FirstWithPng;
}
