namespace AzureVmRole.Engine.Storage.Folder;

/// <summary>A blob's lease as it was last changed; its state follows from the time ("Lease Blob", section "Outcomes of lease operations").</summary>
/// <param name="Id">The lease's id; null when there is none.</param>
/// <param name="Duration">How long it holds without renewal; null for ever.</param>
/// <param name="EndsAt">When it runs out; null for never.</param>
/// <param name="BreaksAt">When it is over because it was broken; null when it was not.</param>
internal readonly record struct FolderLease(string? Id, TimeSpan? Duration, DateTimeOffset? EndsAt, DateTimeOffset? BreaksAt)
{
    /// <summary>The lease after it was taken or renewed.</summary>
    public static FolderLease Take(string id, TimeSpan? duration, DateTimeOffset now) => new(id, duration, now + duration, null);

    public BlobLeaseState StateAt(DateTimeOffset now)
    {
        if (Id is null)
        {
            return BlobLeaseState.Available;
        }

        if (BreaksAt is { } breaksAt)
        {
            return now < breaksAt ? BlobLeaseState.Breaking : BlobLeaseState.Broken;
        }

        return EndsAt is { } endsAt && now >= endsAt ? BlobLeaseState.Expired : BlobLeaseState.Leased;
    }

    /// <summary>Whether somebody may write only with its id.</summary>
    public bool IsHeldAt(DateTimeOffset now) => StateAt(now) is BlobLeaseState.Leased or BlobLeaseState.Breaking;

    public bool HasId(string? leaseId) => leaseId is not null && string.Equals(Id, leaseId, StringComparison.OrdinalIgnoreCase);

    /// <summary>The lease after it was broken.</summary>
    public FolderLease Break(TimeSpan period, DateTimeOffset now)
    {
        // What the lease would have had left anyway bounds the period; so does an earlier break.
        DateTimeOffset breaksAt = now + period;
        DateTimeOffset? bound = BreaksAt ?? EndsAt;
        return this with { BreaksAt = bound < breaksAt ? bound : breaksAt };
    }
}
