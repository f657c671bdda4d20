namespace AzureVmRole;

/// <summary>A further disk of an instance. Immutable: Set-DataDisk puts another one into the instance.</summary>
public sealed record DataDisk
{
    /// <summary>The logical unit number, 0 to 63, by which the guest sees the disk.</summary>
    public required int Lun { get; init; }

    /// <summary>The disk's name.</summary>
    public required string DiskName { get; init; }

    /// <summary>The label that the disk was added with: the end of its name. Null for none.</summary>
    public string? DiskLabel { get; init; }

    /// <summary>How the host caches it. Default None.</summary>
    public HostCaching HostCaching { get; init; }

    /// <summary>The disk's virtual size in GiB; null when the service does not tell.</summary>
    public int? SizeInGB { get; init; }

    /// <summary>The address of its VHD, without a signature; null for managed disks of Azure, whose blobs nobody sees.</summary>
    public Uri? MediaLink { get; init; }

    /// <summary>The disk's resource id; null for a disk that does not exist yet.</summary>
    public string? Id { get; init; }

    /// <summary>The instance that it belongs to.</summary>
    public string? VMName { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Lun}: {DiskName} ({HostCaching})";
}
