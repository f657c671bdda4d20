namespace AzureVmRole.Engine.Storage;

/// <summary>What a listing covers. Results come in the order of containers and names, page by page.</summary>
public sealed record BlobListing
{
    /// <summary>The container; null for all of them.</summary>
    public string? Container { get; init; }

    /// <summary>What the blobs' names start with; null for anything. Needs a container.</summary>
    public string? Prefix { get; init; }

    /// <summary>Whether snapshots are listed, each before its blob.</summary>
    public bool IncludeSnapshots { get; init; }

    /// <summary>Whether deleted blobs that can still be restored are listed.</summary>
    public bool IncludeDeleted { get; init; }

    /// <summary>The largest number of blobs that one request asks for; null for the store's own (5,000 in Azure).</summary>
    public int? PageSize { get; init; }
}
