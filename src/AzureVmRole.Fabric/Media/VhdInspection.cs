using AzureVmRole.Engine.Storage;

namespace AzureVmRole.Fabric.Media;

/// <summary>What a look at a blob found; its footer was read, nothing else.</summary>
internal sealed record VhdInspection
{
    /// <summary>The blob, <c>container/name</c>.</summary>
    public required string Blob { get; init; }

    /// <summary>What the store knows of it.</summary>
    public required BlobProperties Properties { get; init; }

    /// <summary>The virtual size in bytes; 0 when the blob holds no fixed VHD.</summary>
    public required long SizeInBytes { get; init; }

    /// <summary>The unique id in the footer; empty when the blob holds no fixed VHD.</summary>
    public required Guid UniqueId { get; init; }

    /// <summary>What speaks against the blob as a disk.</summary>
    public required IReadOnlyList<DiskFinding> Findings { get; init; }

    /// <summary>What the metadata says of the content: <c>Generalized</c>, <c>Specialized</c>, or null.</summary>
    public string? ContentState => Properties.Metadata.GetValueOrDefault(LocationMedia.ContentStateKey);

    /// <summary>Whether somebody has a lease on it.</summary>
    public bool IsLeased => Properties.LeaseState is BlobLeaseState.Leased or BlobLeaseState.Breaking;

    /// <summary>Who holds the lease, as far as the metadata tells; null when nothing is known.</summary>
    public string? Holder => Properties.Metadata.GetValueOrDefault(BlobMetadata.LeaseHolder);

    /// <summary>Whether the blob can be used as a disk.</summary>
    public bool IsFit => Findings.All(finding => finding.Severity < FindingSeverity.Error);
}
