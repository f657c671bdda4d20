using AzureVmRole.Disks.Partitions;

namespace AzureVmRole.Disks.Readiness;

/// <summary>A disk and what it is meant for: all that a rule looks at.</summary>
/// <param name="Disk">The disk, opened.</param>
/// <param name="Partitions">Its partition table.</param>
/// <param name="Generation">The generation it is meant for; what the partitions say where nothing was asked.</param>
/// <param name="IsGenerationAsked">Whether the user named the generation.</param>
/// <param name="IsDataDisk">Whether it is meant as a data disk.</param>
public sealed record ReadinessSubject(
    VirtualDisk Disk, PartitionTable Partitions, DiskGeneration Generation, bool IsGenerationAsked, bool IsDataDisk)
{
    /// <summary>A finding about this disk.</summary>
    public DiskFinding Finding(
        string ruleId, FindingSeverity severity, string found, string expected, string remedy, bool canRepair = false) => new()
    {
        RuleId = ruleId,
        Severity = severity,
        Path = Disk.Path,
        Found = found,
        Expected = expected,
        Remedy = remedy,
        CanRepair = canRepair,
    };
}
