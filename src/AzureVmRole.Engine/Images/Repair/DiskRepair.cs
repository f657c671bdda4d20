using AzureVmRole.Disks.Files;
using AzureVmRole.Disks.Partitions;
using AzureVmRole.Disks.Vhd;
using AzureVmRole.Engine.Images.Readiness;

namespace AzureVmRole.Engine.Images.Repair;

/// <summary>Mends what a readiness test found, as far as the right value is known.</summary>
public static class DiskRepair
{
    private const long Mebibyte = 1 << 20;

    /// <summary>What <see cref="RepairAsync"/> would mend.</summary>
    /// <param name="path">The absolute path.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="DiskOperationException">The file cannot be opened.</exception>
    public static Task<DiskFinding[]> PlanAsync(string path, CancellationToken cancellationToken) =>
        Task.Run(() => Findings(DiskPath.Resolve(path)).Where(finding => finding.CanRepair).ToArray(), cancellationToken);

    /// <summary>
    /// Writes footers, headers and the copies of the partition table anew, and rounds the size up to a whole MiB. The guest's
    /// data is not touched.
    /// </summary>
    /// <param name="path">The absolute path.</param>
    /// <param name="cancellationToken">Ends the work before the first write.</param>
    /// <exception cref="DiskFormatException">The file is damaged in a way that cannot be mended.</exception>
    /// <exception cref="DiskOperationException">The file cannot be opened or written, or is no VHD.</exception>
    public static Task<RepairReport> RepairAsync(string path, CancellationToken cancellationToken) =>
        Task.Run(() => Repair(DiskPath.Resolve(path), cancellationToken), cancellationToken);

    private static RepairReport Repair(string path, CancellationToken cancellationToken)
    {
        DiskFinding[] before = Findings(path);
        if (Array.Exists(before, finding => finding.CanRepair))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var editor = VhdEditor.Open(path);
            bool isWhole = editor.Disk.Type != VhdType.Differencing;
            long length = editor.Disk.LengthInBytes;
            long size = isWhole ? (length + Mebibyte - 1) / Mebibyte * Mebibyte : length;
            editor.Repair(size, isWhole ? PlanTable(editor, size) : []);
        }

        DiskFinding[] after = Findings(path);
        return new RepairReport
        {
            Path = path,
            Repaired = [.. before.Where(finding => !Array.Exists(after, left => left.RuleId == finding.RuleId))],
            Remaining = after,
        };
    }

    private static IReadOnlyList<SectorWrite> PlanTable(VhdEditor editor, long size)
    {
        try
        {
            return GptRelocation.Plan(PartitionTable.Read(editor.Disk), size);
        }
        catch (DiskFormatException exception) when (exception.Code == ErrorCode.PartitionTableInvalid)
        {
            // No copy of the table is good: it stays in the report's remaining findings.
            return [];
        }
    }

    private static DiskFinding[] Findings(string path) =>
        ReadinessTest.Test(new ReadinessTestOptions { Path = path }).Findings;
}
