namespace AzureVmRole.Engine.Cleanup;

/// <summary>The search behind a report.</summary>
/// <param name="store">The store's address, without a signature.</param>
/// <param name="container">The container that is searched; null for the whole store.</param>
/// <param name="madeOn">When the search began.</param>
internal sealed class SearchListing(Uri store, string? container, DateTimeOffset madeOn) : OrphanListing
{
    private long _vhdCount;
    private volatile bool _isComplete;

    public override Uri Store => store;

    public override string? Container => container;

    public override DateTimeOffset MadeOn => madeOn;

    public override bool IsComplete => _isComplete;

    public override IReadOnlyList<string> ReferencePaths => Paths;

    /// <summary>The reference files that were asked.</summary>
    public required IReadOnlyList<string> Paths { get; init; }

    public override long VhdCount => Interlocked.Read(ref _vhdCount);

    public override long BlobCount => TotalCount;

    /// <summary>How many blobs the survey of the store has seen.</summary>
    public required long TotalCount { get; init; }

    /// <summary>One more page blob ending in .vhd was seen.</summary>
    public void Count() => Interlocked.Increment(ref _vhdCount);

    /// <summary>The listing has been read to its end.</summary>
    public void Complete() => _isComplete = true;

    /// <summary>A search that a plan tells of.</summary>
    public static SearchListing FromPlan(PlanFile plan) => new(new Uri(plan.Store), plan.Container, plan.MadeOn)
    {
        Paths = plan.ReferencePaths,
        TotalCount = plan.BlobCount,
        _vhdCount = plan.VhdCount,
        _isComplete = true,
    };
}
