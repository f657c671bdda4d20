namespace AzureVmRole.Engine.Storage;

/// <summary>What a store knows of a blob.</summary>
public sealed record BlobProperties
{
    private static readonly IReadOnlyDictionary<string, string> None = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The blob.</summary>
    public required BlobName Name { get; init; }

    /// <summary>The snapshot's id; null for the blob itself.</summary>
    public string? Snapshot { get; init; }

    /// <summary>Its kind.</summary>
    public required BlobKind Kind { get; init; }

    /// <summary>Its length in bytes.</summary>
    public required long Length { get; init; }

    /// <summary>Changes with every write, and with every change of properties, metadata or the copy state; not with leases.</summary>
    public required string ETag { get; init; }

    /// <summary>When it was last changed.</summary>
    public required DateTimeOffset LastModified { get; init; }

    /// <summary>When it was made; null where the service does not tell.</summary>
    public DateTimeOffset? CreatedOn { get; init; }

    /// <summary>The state of its lease.</summary>
    public BlobLeaseState LeaseState { get; init; }

    /// <summary>Whether the lease has no end; null when there is none.</summary>
    public bool? LeaseIsInfinite { get; init; }

    /// <summary>The state of the last copy to it.</summary>
    public BlobCopyState CopyState { get; init; }

    /// <summary>The id of that copy.</summary>
    public string? CopyId { get; init; }

    /// <summary>Bytes copied so far; null when there is no copy or the service does not tell.</summary>
    public long? CopyBytesDone { get; init; }

    /// <summary>What the service says about the copy's failure; null when there is none.</summary>
    public string? CopyDescription { get; init; }

    /// <summary>The MD5 of the whole content that a client noted; null when nobody did.</summary>
    public byte[]? ContentMd5 { get; init; }

    /// <summary>Whether it is deleted and can still be restored.</summary>
    public bool IsDeleted { get; init; }

    /// <summary>The metadata; keys compare without case, as the service's headers do.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = None;

    /// <summary>The index tags; empty where there are none, the store has none or they may not be read.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = None;

    /// <summary>Whether the blob may have tags that the caller may not read: among them may be one that protects it.</summary>
    public bool AreTagsUnread { get; init; }
}
