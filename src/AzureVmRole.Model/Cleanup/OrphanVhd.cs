namespace AzureVmRole;

/// <summary>A page blob ending in .vhd, and why it is kept or why it is an orphan. Sizes are bytes; no property holds a secret.</summary>
public sealed record OrphanVhd
{
    /// <summary>The container and the blob's name: <c>vhds/base.vhd</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The container.</summary>
    public required string Container { get; init; }

    /// <summary>The address, without a signature.</summary>
    public required Uri Uri { get; init; }

    /// <summary>Whether nothing is known that needs the blob.</summary>
    public bool IsOrphan => !Reasons.Any(static reason => reason.Keeps);

    /// <summary>The kind of the first of <see cref="Reasons"/>.</summary>
    public RetentionCode? ReasonCode => Reasons.Length == 0 ? null : Reasons[0].Code;

    /// <summary>The first of <see cref="Reasons"/> in a sentence.</summary>
    public string Reason => Reasons.Length == 0 ? "" : Reasons[0].Text;

    /// <summary>Everything that keeps the blob; when nothing does, what makes it an orphan.</summary>
    public required RetentionReason[] Reasons { get; init; }

    /// <summary>The blob's length, footer included.</summary>
    public required long Length { get; init; }

    /// <summary>The disk's virtual size: the length without the footer.</summary>
    public long Size => Math.Max(0, Length - 512);

    /// <summary>What the blob costs a month at most: its length at the given price per GiB. Null when no price was given.</summary>
    public decimal? MonthlyCost { get; init; }

    /// <summary>How long ago the blob was last changed.</summary>
    public required TimeSpan Age { get; init; }

    /// <summary>When the blob was last changed.</summary>
    public required DateTimeOffset LastModified { get; init; }

    /// <summary>When the blob was made; null where the service does not tell.</summary>
    public DateTimeOffset? CreatedOn { get; init; }

    /// <summary>Who referred to the blob last, as far as the referrers and its metadata tell; null when nothing is known.</summary>
    public string? LastReference { get; init; }

    /// <summary>The state of the lease.</summary>
    public BlobLeaseState LeaseState { get; init; }

    /// <summary>Whether the lease has no end; null when there is no lease.</summary>
    public bool? LeaseIsInfinite { get; init; }

    /// <summary>Who holds the lease, as far as the blob's metadata tells; null when there is no lease or nothing is known.</summary>
    public string? LeaseHolder { get; init; }

    /// <summary>How many snapshots the blob has.</summary>
    public int SnapshotCount { get; init; }

    /// <summary>Changes with every write to the blob.</summary>
    public required string ETag { get; init; }

    /// <summary>The search that found the blob.</summary>
    public required OrphanListing Listing { get; init; }
}
