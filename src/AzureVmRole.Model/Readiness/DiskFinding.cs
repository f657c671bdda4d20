namespace AzureVmRole;

/// <summary>One thing that is wrong with a disk, or odd about it.</summary>
public sealed record DiskFinding
{
    /// <summary>The stable id of the rule (see docs/formats/readiness-rules.md).</summary>
    public required string RuleId { get; init; }

    /// <summary>How much it matters.</summary>
    public required FindingSeverity Severity { get; init; }

    /// <summary>The disk file.</summary>
    public required string Path { get; init; }

    /// <summary>What was found, and where.</summary>
    public required string Found { get; init; }

    /// <summary>What the format or Azure wants.</summary>
    public required string Expected { get; init; }

    /// <summary>How to mend it, in imperative form.</summary>
    public required string Remedy { get; init; }

    /// <summary>Whether Repair-BaseVhd mends it.</summary>
    public bool CanRepair { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{RuleId}: {Found} {Remedy}";
}
