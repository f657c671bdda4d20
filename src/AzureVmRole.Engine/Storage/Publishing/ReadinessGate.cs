using AzureVmRole.Disks;
using AzureVmRole.Disks.Partitions;
using AzureVmRole.Disks.Readiness;

namespace AzureVmRole.Engine.Storage.Publishing;

/// <summary>Stops disks that are not fit for Azure before anything is sent.</summary>
internal static class ReadinessGate
{
    /// <summary>Tests the disk as the fixed VHD that it becomes.</summary>
    /// <exception cref="DiskOperationException">It is not fit.</exception>
    public static void Check(VirtualDisk disk, PublishOptions options)
    {
        if (options.SkipReadinessTest)
        {
            return;
        }

        var table = PartitionTable.Read(disk);
        var subject = new ReadinessSubject(
            disk, table, options.Generation ?? table.Generation, options.Generation is not null, options.IsDataDisk);
        IReadOnlyList<DiskFinding> findings = ReadinessCatalogue.ApplyToContent(subject);
        DiskFinding[] errors = [.. findings.Where(finding => finding.Severity == FindingSeverity.Error)];
        if (errors.Length > 0)
        {
            throw new DiskOperationException(
                ErrorCode.ReadinessFailed, disk.Path,
                $"'{disk.Path}' is not fit for Azure, and nothing was sent: {string.Join(" ", errors.Select(Describe))}",
                "Mend what is named, or add -SkipReadinessTest to publish the disk as it is.");
        }

        foreach (DiskFinding warning in findings.Where(finding => finding.Severity == FindingSeverity.Warning))
        {
            options.Connection.Log?.WriteWarning($"'{warning.Path}': {Describe(warning)}");
        }
    }

    private static string Describe(DiskFinding finding) =>
        $"{finding.RuleId}: {finding.Found} Expected: {finding.Expected} {finding.Remedy}";
}
