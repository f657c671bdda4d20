namespace AzureVmRole;

/// <summary>The disk that an instance starts from. Immutable: Set-OSDisk puts another one into the instance.</summary>
public sealed record OSDisk
{
    /// <summary>The disk's name; empty where the service has not given one yet.</summary>
    public required string DiskName { get; init; }

    /// <summary>How the host caches it. Default ReadWrite.</summary>
    public HostCaching HostCaching { get; init; } = HostCaching.ReadWrite;

    /// <summary>The operating system; null when the service does not tell.</summary>
    public OSKind? OS { get; init; }

    /// <summary>The address of its VHD, without a signature; null for managed disks of Azure, whose blobs nobody sees.</summary>
    public Uri? MediaLink { get; init; }

    /// <summary>The disk's virtual size in GiB; null when the service does not tell.</summary>
    public int? SizeInGB { get; init; }

    /// <summary>The disk's resource id; null for a disk that is no resource.</summary>
    public string? Id { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{DiskName} ({HostCaching})";
}
