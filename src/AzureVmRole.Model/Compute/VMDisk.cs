namespace AzureVmRole;

/// <summary>A VHD that is registered as a disk: an instance can have it as OS disk or data disk, one instance at a time.</summary>
public sealed record VMDisk
{
    /// <summary>The disk's name.</summary>
    public required string DiskName { get; init; }

    /// <summary>The resource group that it is in.</summary>
    public required string ResourceGroupName { get; init; }

    /// <summary>The location.</summary>
    public required string Location { get; init; }

    /// <summary>The operating system on it; null for a data disk.</summary>
    public OSKind? OS { get; init; }

    /// <summary>The address of its VHD, without a signature; null for managed disks of Azure, whose blobs nobody sees.</summary>
    public Uri? MediaLink { get; init; }

    /// <summary>The virtual size in GiB; null when the service does not tell.</summary>
    public int? DiskSizeInGB { get; init; }

    /// <summary>Text for people; null for none.</summary>
    public string? Label { get; init; }

    /// <summary>The instance that has it; null when none does.</summary>
    public string? AttachedTo { get; init; }

    /// <summary>Unattached, Attached, Reserved and so on, in Azure's words.</summary>
    public string DiskState { get; init; } = "";

    /// <summary>The image that it was made from; null for others.</summary>
    public string? SourceImageName { get; init; }

    /// <summary>Creating, Succeeded, Failed, Deleting.</summary>
    public required string ProvisioningState { get; init; }

    /// <summary>The resource id.</summary>
    public required string Id { get; init; }

    /// <inheritdoc/>
    public override string ToString() => DiskName;
}
