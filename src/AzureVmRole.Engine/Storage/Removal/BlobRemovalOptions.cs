namespace AzureVmRole.Engine.Storage.Removal;

/// <summary>Which blob is deleted, and what may go with it.</summary>
public sealed record BlobRemovalOptions
{
    /// <summary>The blob's address, or a snapshot's.</summary>
    public required string Address { get; init; }

    /// <summary>The ETag that the blob still has to have; null for whatever it has now.</summary>
    public string? ETag { get; init; }

    /// <summary>Whether the blob's snapshots are deleted, too; else a blob that has any is refused.</summary>
    public bool WithSnapshots { get; init; }

    /// <summary>Whether somebody else's lease is broken; else a leased blob is refused.</summary>
    public bool BreakLease { get; init; }

    /// <summary>How the store is reached.</summary>
    public StoreConnection Connection { get; init; } = new();
}
