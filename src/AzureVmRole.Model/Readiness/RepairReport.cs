namespace AzureVmRole;

/// <summary>What Repair-BaseVhd mended, and what it could not.</summary>
public sealed record RepairReport
{
    /// <summary>The disk file.</summary>
    public required string Path { get; init; }

    /// <summary>The findings that were mended.</summary>
    public required DiskFinding[] Repaired { get; init; }

    /// <summary>The findings that are left.</summary>
    public required DiskFinding[] Remaining { get; init; }
}
