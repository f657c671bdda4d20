namespace AzureVmRole.Engine.Cleanup;

/// <summary>A plan as its file has it. Dates are ISO 8601, lengths bytes.</summary>
internal sealed record PlanFile
{
    public const string FormatName = "AzureVmRole removal plan";

    public const int CurrentVersion = 1;

    public required string Format { get; init; }

    public required int Version { get; init; }

    public required string Store { get; init; }

    public required string? Container { get; init; }

    public required DateTimeOffset MadeOn { get; init; }

    public required bool IsComplete { get; init; }

    public required IReadOnlyList<string> ReferencePaths { get; init; }

    public required long BlobCount { get; init; }

    public required long VhdCount { get; init; }

    public required IReadOnlyList<PlanItem> Items { get; init; }

    public static PlanFile From(OrphanListing listing, IReadOnlyList<OrphanVhd> items) => new()
    {
        Format = FormatName,
        Version = CurrentVersion,
        Store = listing.Store.AbsoluteUri,
        Container = listing.Container,
        MadeOn = listing.MadeOn,
        IsComplete = listing.IsComplete,
        ReferencePaths = listing.ReferencePaths,
        BlobCount = listing.BlobCount,
        VhdCount = listing.VhdCount,
        Items = [.. items.Select(PlanItem.From)],
    };
}
