namespace AzureVmRole;

/// <summary>The search that found an orphan. All that it found share one; a removal refuses what an incomplete search found.</summary>
public abstract class OrphanListing
{
    /// <summary>The store's address, without a signature.</summary>
    public abstract Uri Store { get; }

    /// <summary>The container that was searched; null for the whole store.</summary>
    public abstract string? Container { get; }

    /// <summary>When the search began.</summary>
    public abstract DateTimeOffset MadeOn { get; }

    /// <summary>Whether the store's listing was read to its end. False while the search runs, and for good when it failed or was stopped.</summary>
    public abstract bool IsComplete { get; }

    /// <summary>The reference files that were asked; a removal asks them again.</summary>
    public abstract IReadOnlyList<string> ReferencePaths { get; }

    /// <summary>How many page blobs ending in .vhd the search has seen.</summary>
    public abstract long VhdCount { get; }

    /// <summary>How many blobs of any kind the store has, snapshots counted.</summary>
    public abstract long BlobCount { get; }
}
