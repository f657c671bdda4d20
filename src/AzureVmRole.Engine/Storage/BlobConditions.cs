namespace AzureVmRole.Engine.Storage;

/// <summary>What has to hold for a request to be done; else it fails and changes nothing.</summary>
public readonly record struct BlobConditions
{
    /// <summary>The blob still has this ETag; null for any.</summary>
    public string? IfMatch { get; init; }

    /// <summary>The blob does not exist yet.</summary>
    public bool MustNotExist { get; init; }

    /// <summary>The lease that the caller holds; needed for every write to a leased blob.</summary>
    public string? LeaseId { get; init; }
}
