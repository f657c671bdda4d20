using AzureVmRole.Disks;
using AzureVmRole.Disks.Copying;
using AzureVmRole.Disks.Files;
using AzureVmRole.Disks.Merging;
using AzureVmRole.Disks.Vhd;
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
        Task.Run(() => MergeCoreAsync(options, progress, cancellationToken), cancellationToken);

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
        using VirtualDisk top = VirtualDiskFile.Open(options.Path);
        if (top.Parent is null)
        {
            throw new DiskOperationException(
                ErrorCode.DiskTypeUnsuitable, options.Path,
                $"'{options.Path}' is a {top.Type} {top.Format} disk without a parent; there is nothing to merge.",
                "Give the path of a differencing disk; to copy this one use Convert-BaseVhd.");
        }

        if (FindAncestor(top, options.DestinationPath) is { } ancestor)
        {
            MergePlan plan = VhdMerge.Plan(top, ancestor.Path);
            CheckLayersAreFree(top, plan);
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
        while (destination is not null && member is not null && !ChainMembers.IsSame(member.Path, destination))
        {
            member = member.Parent;
        }

        return member;
    }

    /// <summary>The differences are going to be removed, so nobody else may have one open.</summary>
    private static void CheckLayersAreFree(VirtualDisk top, MergePlan plan)
    {
        top.Dispose();
        foreach (string path in plan.LayerPaths)
        {
            VhdEditor.Open(path).Dispose();
        }
    }

    private static void CheckSameTarget(MergePlan interrupted, DiskMergeOptions options)
    {
        if (options.DestinationPath is { } destination && !ChainMembers.IsSame(destination, interrupted.TargetPath))
        {
            throw new DiskOperationException(
                ErrorCode.MergeInterrupted, options.Path,
                $"A merge of '{options.Path}' into '{interrupted.TargetPath}' was interrupted and must be finished first.",
                $"Run Merge-DifferencingVhd -Path '{options.Path}' -DestinationPath '{interrupted.TargetPath}', then this again.");
        }
    }
}
