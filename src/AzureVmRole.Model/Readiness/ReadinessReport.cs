namespace AzureVmRole;

/// <summary>Whether a disk is fit for Azure, and everything that speaks against it.</summary>
public sealed record ReadinessReport
{
    /// <summary>The disk file.</summary>
    public required string Path { get; init; }

    /// <summary>True when no finding is an error.</summary>
    public bool IsReady => !Array.Exists(Findings, finding => finding.Severity == FindingSeverity.Error);

    /// <summary>The generation that the disk was tested for.</summary>
    public required DiskGeneration Generation { get; init; }

    /// <summary>The virtual size in bytes.</summary>
    public required long Size { get; init; }

    /// <summary>The ids of all rules that were applied.</summary>
    public required string[] Rules { get; init; }

    /// <summary>All findings at once, the most severe first.</summary>
    public required DiskFinding[] Findings { get; init; }
}
