namespace AzureVmRole.Engine.Compute.Capture;

/// <summary>What is captured, and as what.</summary>
public sealed record CaptureOptions
{
    /// <summary>The instance.</summary>
    public required string Name { get; init; }

    /// <summary>The image's name.</summary>
    public required string ImageName { get; init; }

    /// <summary>What was done to its system: the caller's word.</summary>
    public required OSState OSState { get; init; }

    /// <summary>Text for people; null for none.</summary>
    public string? Label { get; init; }

    /// <summary>Whether the instance remains. A generalised one can never be started again.</summary>
    public bool KeepInstance { get; init; }

    /// <summary>The resource group; null for the connection's own.</summary>
    public string? ResourceGroupName { get; init; }
}
