namespace AzureVmRole;

/// <summary>A disk in storage, or another blob whose name ends in .vhd. Sizes are bytes; no property holds a secret.</summary>
public sealed record VhdBlob
{
    /// <summary>The container and the blob's name: <c>vhds/base.vhd</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The container.</summary>
    public required string Container { get; init; }

    /// <summary>The address, without a signature.</summary>
    public required Uri Uri { get; init; }

    /// <summary>Page blob, or another kind that Azure takes no disk from.</summary>
    public required BlobKind BlobType { get; init; }

    /// <summary>The blob's length, footer included.</summary>
    public required long Length { get; init; }

    /// <summary>The disk's virtual size: the length without the footer.</summary>
    public long Size => Math.Max(0, Length - 512);

    /// <summary>The snapshot's id; null for the blob itself.</summary>
    public string? Snapshot { get; init; }

    /// <summary>Whether the blob is deleted and can still be restored (soft delete).</summary>
    public bool IsDeleted { get; init; }

    /// <summary>Changes with every write to the blob.</summary>
    public required string ETag { get; init; }

    /// <summary>When the blob was last changed.</summary>
    public required DateTimeOffset LastModified { get; init; }

    /// <summary>When the blob was made; null where the service does not tell.</summary>
    public DateTimeOffset? CreatedOn { get; init; }

    /// <summary>The state of the lease.</summary>
    public BlobLeaseState LeaseState { get; init; }

    /// <summary>Whether the lease has no end; null when there is no lease.</summary>
    public bool? LeaseIsInfinite { get; init; }

    /// <summary>Who holds the lease, as far as the blob's metadata tells; null when there is no lease or nothing is known.</summary>
    public string? LeaseHolder { get; init; }

    /// <summary>The state of the last copy to the blob.</summary>
    public BlobCopyState CopyState { get; init; }

    /// <summary>How far this module's upload has come.</summary>
    public UploadState UploadState { get; init; }

    /// <summary>The content hash that the upload noted (docs/formats/content-hash.md); null for other blobs.</summary>
    public string? ContentHash { get; init; }

    /// <summary>The disk's unique id that the upload noted; empty for other blobs.</summary>
    public Guid DiskIdentifier { get; init; }

    /// <summary>The blob's metadata.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The blob's index tags; empty where there are none or they may not be read.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
