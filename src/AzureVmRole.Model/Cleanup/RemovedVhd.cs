namespace AzureVmRole;

/// <summary>What Remove-OrphanVhd did about one blob.</summary>
public sealed record RemovedVhd
{
    /// <summary>The container and the blob's name: <c>vhds/base.vhd</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The address, without a signature.</summary>
    public required Uri Uri { get; init; }

    /// <summary>Whether the blob was deleted.</summary>
    public required bool Removed { get; init; }

    /// <summary>Why it was deleted or kept: the first of <see cref="Reasons"/> in a sentence.</summary>
    public string Reason => Reasons.Length == 0 ? "" : Reasons[0].Text;

    /// <summary>Everything that made it an orphan, or that keeps it.</summary>
    public required RetentionReason[] Reasons { get; init; }

    /// <summary>The blob's length in bytes, footer included.</summary>
    public required long Length { get; init; }

    /// <summary>The copy that was made before the deletion, as <c>container/name</c>; null when none was asked for.</summary>
    public string? KeptCopy { get; init; }

    /// <summary>Until when the store can restore the deleted blob; null when it cannot, or when that is not known.</summary>
    public DateTimeOffset? CanRestoreUntil { get; init; }
}
