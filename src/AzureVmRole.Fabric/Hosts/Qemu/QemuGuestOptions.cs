using System.Net.NetworkInformation;

namespace AzureVmRole.Fabric.Hosts.Qemu;

/// <summary>One boot of one guest.</summary>
internal sealed record QemuGuestOptions
{
    /// <summary>The instance, a GUID in text form: the guest sees it as the machine's UUID.</summary>
    public required string InstanceId { get; init; }

    public required int Cores { get; init; }

    public required long MemoryInMiB { get; init; }

    /// <summary>Whether the firmware is UEFI.</summary>
    public required bool IsGeneration2 { get; init; }

    /// <summary>The disk that it starts from.</summary>
    public required QemuDisk OSDisk { get; init; }

    /// <summary>Whether that disk is on an NVMe controller, which a BIOS does not start from; else it is a SCSI disk as all others are.</summary>
    public bool IsOSDiskNvme { get; init; }

    public IReadOnlyList<QemuDisk> DataDisks { get; init; } = [];

    /// <summary>The temporary disk; null for none.</summary>
    public QemuDisk? TemporaryDisk { get; init; }

    /// <summary>Writes the image of the provisioning media to a path; null for an empty drive. The file goes when the media are ejected, and with the guest.</summary>
    public Action<string>? WriteMedia { get; init; }

    public required PhysicalAddress Adapter { get; init; }
}
