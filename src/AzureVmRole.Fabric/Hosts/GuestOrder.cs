namespace AzureVmRole.Fabric.Hosts;

/// <summary>What a host is to bring up.</summary>
public sealed record GuestOrder
{
    /// <summary>The instance: a GUID in text form that no other instance ever has (<c>vmId</c>).</summary>
    public required string InstanceId { get; init; }

    /// <summary>The name of the virtual machine.</summary>
    public required string Name { get; init; }

    /// <summary>The subscription, a GUID in text form.</summary>
    public required string SubscriptionId { get; init; }

    /// <summary>The resource group.</summary>
    public required string ResourceGroupName { get; init; }

    /// <summary>The size's name: <c>Standard_B1s</c>.</summary>
    public required string Size { get; init; }

    /// <summary>Counts the instance's boots; a restart is the next one.</summary>
    public required long Boot { get; init; }

    /// <summary>Virtual processors.</summary>
    public required int Cores { get; init; }

    /// <summary>Memory in MiB.</summary>
    public required long MemoryInMiB { get; init; }

    /// <summary><c>Linux</c> or <c>Windows</c>.</summary>
    public required string OSType { get; init; }

    /// <summary>Whether the firmware is UEFI (generation 2) instead of BIOS.</summary>
    public required bool IsGeneration2 { get; init; }

    /// <summary>The disk that it starts from.</summary>
    public required GuestDisk OSDisk { get; init; }

    /// <summary>Whether that disk is on an NVMe controller (generation 2 only) instead of a SCSI controller.</summary>
    public bool IsOSDiskNvme { get; init; }

    /// <summary>The data disks.</summary>
    public required IReadOnlyList<GuestDisk> DataDisks { get; init; }

    /// <summary>The temporary disk in MiB, which lasts until the guest leaves the host; 0 for none.</summary>
    public required int TemporaryDiskInMiB { get; init; }

    /// <summary>Whether the guest has still to be provisioned; false for a specialised one, and for one that was provisioned in an earlier boot.</summary>
    public required bool NeedsProvisioning { get; init; }

    /// <summary>What it is to become then; null for a guest that has names and accounts already.</summary>
    public GuestOSProfile? Profile { get; init; }

    /// <summary>Why the guest will never be provisioned, as far as the fabric knows; null when nothing speaks against it.</summary>
    public string? NotGeneralizedReason { get; init; }

    /// <summary>The virtual machine's tags: a simulated host is told by them how to behave.</summary>
    public required IReadOnlyDictionary<string, string> Tags { get; init; }
}
