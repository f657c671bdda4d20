namespace AzureVmRole.Engine.Compute.Images;

/// <summary>An image that is to be registered.</summary>
public sealed record VMImageOptions
{
    /// <summary>The image's name.</summary>
    public required string ImageName { get; init; }

    /// <summary>Its VHD: a name in the connection's store, or an address.</summary>
    public required string MediaLocation { get; init; }

    /// <summary>The operating system.</summary>
    public required OSKind OS { get; init; }

    /// <summary>Generalized unless somebody says otherwise.</summary>
    public OSState OSState { get; init; }

    /// <summary>The generation of virtual machine that it is for. Default Gen1, as in Azure.</summary>
    public DiskGeneration Generation { get; init; } = DiskGeneration.Gen1;

    /// <summary>How a host caches the OS disk of an instance. Default ReadWrite.</summary>
    public HostCaching HostCaching { get; init; } = HostCaching.ReadWrite;

    /// <summary>Text for people; null for none.</summary>
    public string? Label { get; init; }

    /// <summary>More text for people; null for none.</summary>
    public string? Description { get; init; }

    /// <summary>The resource group; null for the connection's own.</summary>
    public string? ResourceGroupName { get; init; }

    /// <summary>The location; null for the connection's own.</summary>
    public string? Location { get; init; }
}
