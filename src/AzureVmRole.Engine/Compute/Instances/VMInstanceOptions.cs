namespace AzureVmRole.Engine.Compute.Instances;

/// <summary>An instance that is to be made.</summary>
public sealed record VMInstanceOptions
{
    /// <summary>The instance's name.</summary>
    public required string Name { get; init; }

    /// <summary>The image that its OS disk is made from: a name, or a resource id; null with <see cref="DiskName"/>.</summary>
    public string? ImageName { get; init; }

    /// <summary>An existing disk that it starts from: a name, or a resource id; null with <see cref="ImageName"/>.</summary>
    public string? DiskName { get; init; }

    /// <summary>The size. Default Standard_B1s.</summary>
    public string Size { get; init; } = "Standard_B1s";

    /// <summary>How a host caches the OS disk. Default ReadWrite.</summary>
    public HostCaching HostCaching { get; init; } = HostCaching.ReadWrite;

    /// <summary>The controller of the OS disk; null for the service's default. NVMe is for generation 2 only.</summary>
    public DiskControllerType? DiskControllerType { get; init; }

    /// <summary>The account that a generalised system gets.</summary>
    public string? AdminUserName { get; init; }

    /// <summary>Its password; null for none. Secret.</summary>
    public string? AdminPassword { get; init; }

    /// <summary>Its public SSH key (Linux); null for none.</summary>
    public string? SshPublicKey { get; init; }

    /// <summary>Data that the guest gets, in Base64; null for none. Secret.</summary>
    public string? CustomData { get; init; }

    /// <summary>Resource ids of network interfaces; Azure needs one at least.</summary>
    public IReadOnlyList<string> NetworkInterfaceIds { get; init; } = [];

    /// <summary>The resource group; null for the connection's own.</summary>
    public string? ResourceGroupName { get; init; }

    /// <summary>The location; null for the image's or the disk's.</summary>
    public string? Location { get; init; }
}
