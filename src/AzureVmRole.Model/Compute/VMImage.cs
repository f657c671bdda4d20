namespace AzureVmRole;

/// <summary>A master that instances are made from. It is never changed: each instance gets a VHD of its own.</summary>
public sealed record VMImage
{
    /// <summary>The image's name.</summary>
    public required string ImageName { get; init; }

    /// <summary>The resource group that it is in.</summary>
    public required string ResourceGroupName { get; init; }

    /// <summary>The location: instances are made in the same one.</summary>
    public required string Location { get; init; }

    /// <summary>The operating system.</summary>
    public required OSKind OS { get; init; }

    /// <summary>Generalized, or Specialized, by the word of whoever registered it.</summary>
    public required OSState OSState { get; init; }

    /// <summary>The generation of virtual machine that it is for: Gen1 starts by BIOS, Gen2 by UEFI.</summary>
    public DiskGeneration Generation { get; init; } = DiskGeneration.Gen1;

    /// <summary>The address of its VHD, without a signature; null where Azure keeps the content itself.</summary>
    public Uri? MediaLink { get; init; }

    /// <summary>Text for people; null for none.</summary>
    public string? Label { get; init; }

    /// <summary>More text for people; null for none.</summary>
    public string? Description { get; init; }

    /// <summary>How a host caches the OS disk of an instance.</summary>
    public HostCaching HostCaching { get; init; } = HostCaching.ReadWrite;

    /// <summary>The disk's virtual size in GiB; null when the service does not tell.</summary>
    public int? LogicalSizeInGB { get; init; }

    /// <summary>The instance that it was captured from; null for others.</summary>
    public string? SourceVMName { get; init; }

    /// <summary>The data disks that the captured instance had.</summary>
    public DataDisk[] DataDisks { get; init; } = [];

    /// <summary>Creating, Succeeded, Failed, Deleting.</summary>
    public required string ProvisioningState { get; init; }

    /// <summary>The resource id.</summary>
    public required string Id { get; init; }

    /// <inheritdoc/>
    public override string ToString() => ImageName;
}
