using AzureVmRole.Disks;
using AzureVmRole.Disks.Partitions;
using AzureVmRole.Disks.Readiness;

namespace AzureVmRole.Engine.Images.Readiness;

/// <summary>Tells whether a disk is fit for Azure.</summary>
public static class ReadinessTest
{
    /// <summary>
    /// Applies every rule of the catalogue and reports all findings at once. Reads headers and tables only, so it takes the
    /// same time however large the disk is. A disk that cannot be read gets a report that says why.
    /// </summary>
    /// <param name="options">The disk and what it is meant for.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="DiskOperationException">The file cannot be opened.</exception>
    public static Task<ReadinessReport> TestAsync(ReadinessTestOptions options, CancellationToken cancellationToken) =>
        Task.Run(() => Test(options), cancellationToken);

    internal static ReadinessReport Test(ReadinessTestOptions options)
    {
        try
        {
            using VirtualDisk disk = VirtualDiskFile.Open(options.Path);
            return Report(options, disk);
        }
        catch (DiskFormatException exception)
        {
            return Unreadable(options, exception);
        }
        catch (DiskOperationException exception) when (IsAboutParent(exception.Code))
        {
            return Unreadable(options, exception);
        }
    }

    private static ReadinessReport Report(ReadinessTestOptions options, VirtualDisk disk)
    {
        var table = PartitionTable.Read(disk);
        DiskGeneration generation = options.Generation ?? table.Generation;
        var subject = new ReadinessSubject(disk, table, generation, options.Generation is not null, options.IsDataDisk);
        return new ReadinessReport
        {
            Path = options.Path,
            Generation = generation,
            Size = disk.LengthInBytes,
            Rules = RuleIds(),
            Findings = [.. ReadinessCatalogue.Apply(subject)],
        };
    }

    private static ReadinessReport Unreadable(ReadinessTestOptions options, AzureVmRoleException exception) => new()
    {
        Path = options.Path,
        Generation = options.Generation ?? DiskGeneration.Unknown,
        Size = 0,
        Rules = RuleIds(),
        Findings =
        [
            new DiskFinding
            {
                RuleId = exception.Code.ToString(),
                Severity = FindingSeverity.Error,
                Path = options.Path,
                Found = exception.Message,
                Expected = "A disk that can be read.",
                Remedy = exception.RecommendedAction ?? "Get an intact copy of the disk.",
            },
        ],
    };

    private static bool IsAboutParent(ErrorCode code) => code is ErrorCode.ParentNotFound
        or ErrorCode.ParentIdentityMismatch or ErrorCode.ParentModified or ErrorCode.ParentCycle or ErrorCode.MergeInterrupted;

    private static string[] RuleIds() => [.. ReadinessCatalogue.Rules.Select(rule => rule.Id)];
}
