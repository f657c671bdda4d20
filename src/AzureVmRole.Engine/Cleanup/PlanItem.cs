namespace AzureVmRole.Engine.Cleanup;

/// <summary>A blob as a plan file has it.</summary>
internal sealed record PlanItem
{
    public required string Name { get; init; }

    public required string Container { get; init; }

    public required string Uri { get; init; }

    public required string ETag { get; init; }

    public required long Length { get; init; }

    public required DateTimeOffset LastModified { get; init; }

    public DateTimeOffset? CreatedOn { get; init; }

    public required BlobLeaseState LeaseState { get; init; }

    public bool? LeaseIsInfinite { get; init; }

    public string? LeaseHolder { get; init; }

    public string? LastReference { get; init; }

    public decimal? MonthlyCost { get; init; }

    public int SnapshotCount { get; init; }

    public required IReadOnlyList<PlanReason> Reasons { get; init; }

    public static PlanItem From(OrphanVhd item) => new()
    {
        Name = item.Name,
        Container = item.Container,
        Uri = item.Uri.AbsoluteUri,
        ETag = item.ETag,
        Length = item.Length,
        LastModified = item.LastModified,
        CreatedOn = item.CreatedOn,
        LeaseState = item.LeaseState,
        LeaseIsInfinite = item.LeaseIsInfinite,
        LeaseHolder = item.LeaseHolder,
        LastReference = item.LastReference,
        MonthlyCost = item.MonthlyCost,
        SnapshotCount = item.SnapshotCount,
        Reasons = [.. item.Reasons.Select(static reason => new PlanReason { Code = reason.Code, Text = reason.Text })],
    };

    public OrphanVhd ToOrphan(OrphanListing listing) => new()
    {
        Name = Name,
        Container = Container,
        Uri = new Uri(Uri),
        ETag = ETag,
        Length = Length,
        LastModified = LastModified,
        CreatedOn = CreatedOn,
        Age = listing.MadeOn - (CreatedOn > LastModified ? CreatedOn.Value : LastModified),
        LeaseState = LeaseState,
        LeaseIsInfinite = LeaseIsInfinite,
        LeaseHolder = LeaseHolder,
        LastReference = LastReference,
        MonthlyCost = MonthlyCost,
        SnapshotCount = SnapshotCount,
        Reasons = [.. Reasons.Select(static reason => new RetentionReason(reason.Code, reason.Text))],
        Listing = listing,
    };
}
