using AzureVmRole.Engine.Storage;

namespace AzureVmRole.Engine.Cleanup;

/// <summary>All that is known of a blob when it is judged.</summary>
internal readonly record struct BlobFacts
{
    /// <summary>What the store says of the blob.</summary>
    public required BlobProperties Blob { get; init; }

    /// <summary>How many snapshots it has.</summary>
    public int SnapshotCount { get; init; }

    /// <summary>What the referrers say of it.</summary>
    public IReadOnlyList<BlobReference> References { get; init; }

    /// <summary>Whether a difference that is kept was made from it.</summary>
    public bool IsParentInUse { get; init; }

    /// <summary>Whether the lease on it is the removal's own, and so no sign of use.</summary>
    public bool IsLeaseOurs { get; init; }
}
