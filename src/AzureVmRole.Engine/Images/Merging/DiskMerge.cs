using AzureVmRole.Disks;
using AzureVmRole.Disks.Copying;
using AzureVmRole.Disks.Files;
using AzureVmRole.Disks.Merging;
using AzureVmRole.Engine.Images.Conversion;

namespace AzureVmRole.Engine.Images.Merging;

/// <summary>Brings a difference and what is beneath it together.</summary>
public static class DiskMerge
{
    /// <summary>
    /// Merges a differencing disk into one of its ancestors (which changes; the merged differences are removed), or a whole
    /// chain into a new disk (nothing else changes). A merge that was interrupted is finished by calling this again.
    /// </summary>
    /// <param name="options">What is merged into what.</param>
    /// <param name="progress">Gets how far it has come; called from several threads.</param>
    /// <param name="cancellationToken">Ends the work; a merge into an ancestor can then be continued.</param>
    /// <returns>The disk that holds the result.</returns>
    /// <exception cref="DiskFormatException">A file breaks the rules of its format.</exception>
    /// <exception cref="DiskOperationException">The disk is no difference, or the target cannot be written.</exception>
    public static Task<BaseVhd> MergeAsync(
        DiskMergeOptions options, IProgress<TransferProgress>? progress, CancellationToken cancellationToken) =>
        Task.Run(() => MergeCoreAsync(Resolved(options), progress, cancellationToken), cancellationToken);

    /// <summary>What <see cref="MergeAsync"/> would do, or finish.</summary>
    /// <param name="options">What is merged into what.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="DiskFormatException">A file breaks the rules of its format.</exception>
    /// <exception cref="DiskOperationException">The disk is no difference, or its chain is broken.</exception>
    public static Task<MergeOutline> OutlineAsync(DiskMergeOptions options, CancellationToken cancellationToken) =>
        Task.Run(() => Outline(Resolved(options)), cancellationToken);

    private static MergeOutline Outline(DiskMergeOptions options)
    {
        if (MergePlan.Load(options.Path) is { } interrupted)
        {
            CheckSameTarget(interrupted, options);
            return new MergeOutline(interrupted.TargetPath, IsNewDisk: false, IsInterrupted: true, [.. interrupted.LayerPaths]);
        }

        using VirtualDisk top = OpenDifference(options.Path);
        return FindAncestor(top, options.DestinationPath) is { } ancestor
            ? new MergeOutline(ancestor.Path, IsNewDisk: false, IsInterrupted: false, [.. VhdMerge.Plan(top, ancestor.Path).LayerPaths])
            : new MergeOutline(options.DestinationPath ?? "", IsNewDisk: true, IsInterrupted: false, []);
    }

    private static DiskMergeOptions Resolved(DiskMergeOptions options) => options with
    {
        Path = DiskPath.Resolve(options.Path),
        DestinationPath = options.DestinationPath is { } destination ? DiskPath.Resolve(destination) : null,
    };

    private static VirtualDisk OpenDifference(string path)
    {
        VirtualDisk top = VirtualDiskFile.Open(path);
        if (top.Parent is not null)
        {
            return top;
        }

        top.Dispose();
        throw new DiskOperationException(
            ErrorCode.DiskTypeUnsuitable, path,
            $"'{path}' is a {top.Type} {top.Format} disk without a parent; there is nothing to merge.",
            "Give the path of a differencing disk; to copy this one use Convert-BaseVhd.");
    }

    private static async Task<BaseVhd> MergeCoreAsync(
        DiskMergeOptions options, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        string resultPath;
        if (MergePlan.Load(options.Path) is { } interrupted)
        {
            CheckSameTarget(interrupted, options);
            await new VhdMerge(interrupted).RunAsync(progress, cancellationToken).ConfigureAwait(false);
            resultPath = interrupted.TargetPath;
        }
        else
        {
            resultPath = await StartAsync(options, progress, cancellationToken).ConfigureAwait(false);
        }

        return DiskDescription.Describe(resultPath);
    }

    private static async Task<string> StartAsync(
        DiskMergeOptions options, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        using VirtualDisk top = OpenDifference(options.Path);

        if (FindAncestor(top, options.DestinationPath) is { } ancestor)
        {
            MergePlan plan = VhdMerge.Plan(top, ancestor.Path);

            // The merge opens its files for itself alone.
            top.Dispose();
            await new VhdMerge(plan).RunAsync(progress, cancellationToken).ConfigureAwait(false);
            return plan.TargetPath;
        }

        string destination = options.DestinationPath ?? throw new InvalidOperationException("The parent is an ancestor.");
        await MergeIntoNewAsync(top, destination, options, progress, cancellationToken).ConfigureAwait(false);
        return destination;
    }

    private static async Task MergeIntoNewAsync(
        VirtualDisk top, string destination, DiskMergeOptions options, IProgress<TransferProgress>? progress,
        CancellationToken cancellationToken)
    {
        ChainMembers.ThrowIfMember(top, destination);
        OutputFile.CheckTarget(destination, options.Overwrite);
        VhdFormat format = ImageFile.FormatOf(destination);
        var target = new DiskTarget
        {
            Path = destination,
            Format = format,
            Type = options.Type,
            SizeInBytes = DiskConversion.DefaultSize(top, format),
            LogicalSectorSize = top.LogicalSectorSize,
        };
        var image = new ImageFile(target, options.Overwrite) { Activity = "Merging disks" };
        await image.CopyFromAsync(top, progress, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The ancestor that is meant: the parent when none is named; null when a new file is.</summary>
    private static VirtualDisk? FindAncestor(VirtualDisk top, string? destination)
    {
        VirtualDisk? member = top.Parent;
        while (destination is not null && member is not null && !FileStatus.IsSameFile(member.Path, destination))
        {
            member = member.Parent;
        }

        return member;
    }

    private static void CheckSameTarget(MergePlan interrupted, DiskMergeOptions options)
    {
        if (options.DestinationPath is { } destination && !FileStatus.IsSameFile(destination, interrupted.TargetPath))
        {
            throw new DiskOperationException(
                ErrorCode.MergeInterrupted, options.Path,
                $"A merge of '{options.Path}' into '{interrupted.TargetPath}' was interrupted and must be finished first.",
                $"Run Merge-DifferencingVhd -Path '{options.Path}' -DestinationPath '{interrupted.TargetPath}', then this again.");
        }
    }
}
