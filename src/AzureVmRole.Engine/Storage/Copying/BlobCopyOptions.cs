namespace AzureVmRole.Engine.Storage.Copying;

/// <summary>What is copied where, by the service.</summary>
public sealed record BlobCopyOptions
{
    /// <summary>The address of the blob, or of a snapshot, that is copied.</summary>
    public required string Source { get; init; }

    /// <summary>The address that the copy gets.</summary>
    public required string Destination { get; init; }

    /// <summary>Whether a blob at the destination may be replaced.</summary>
    public bool Overwrite { get; init; }

    /// <summary>How the destination's store is reached.</summary>
    public StoreConnection Connection { get; init; } = new();

    /// <summary>How the source's store is reached; null for the same way as the destination's.</summary>
    public StoreConnection? SourceConnection { get; init; }
}
