namespace AzureVmRole.Engine.Compute.Disks;

/// <summary>A disk that is to be registered.</summary>
public sealed record VMDiskOptions
{
    /// <summary>The disk's name.</summary>
    public required string DiskName { get; init; }

    /// <summary>Its VHD: a name in the connection's store, or an address.</summary>
    public required string MediaLocation { get; init; }

    /// <summary>The operating system on it; null for a data disk.</summary>
    public OSKind? OS { get; init; }

    /// <summary>Text for people; null for none.</summary>
    public string? Label { get; init; }

    /// <summary>The resource group; null for the connection's own.</summary>
    public string? ResourceGroupName { get; init; }

    /// <summary>The location; null for the connection's own.</summary>
    public string? Location { get; init; }
}
