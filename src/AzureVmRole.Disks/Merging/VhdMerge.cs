using AzureVmRole.Disks.Copying;
using AzureVmRole.Disks.Editing;
using AzureVmRole.Disks.Files;
using AzureVmRole.Disks.Vhd;

namespace AzureVmRole.Disks.Merging;

/// <summary>
/// Merges differencing VHDs into one of their ancestors, in place. While it runs the top disk is whole: what it holds
/// itself hides what changes beneath it. The differences are removed when the ancestor is finished and on stable storage.
/// </summary>
public sealed class VhdMerge
{
    private readonly MergePlan _plan;

    /// <summary>Prepares a merge, new or interrupted.</summary>
    public VhdMerge(MergePlan plan) => _plan = plan;

    /// <summary>Plans the merge of a chain into one of its ancestors.</summary>
    /// <param name="top">The differencing disk on top.</param>
    /// <param name="targetPath">The ancestor's absolute path, as the chain spells it.</param>
    /// <exception cref="DiskOperationException">A disk between is no VHD, or has another size than the ancestor.</exception>
    public static MergePlan Plan(VirtualDisk top, string targetPath)
    {
        var layers = new List<string>();
        var identifiers = new List<Guid>();
        VirtualDisk member = top;
        while (member.Path != targetPath)
        {
            layers.Insert(0, member.Path);
            identifiers.Insert(0, member.Identifier);
            if (member is not IVhdDisk || member.Parent is not IVhdDisk)
            {
                throw new DiskOperationException(
                    ErrorCode.DiskFormatUnsupported, top.Path,
                    $"'{member.Path}' ({member.Format}) cannot be merged in place; only VHDs can.",
                    "Merge the chain into a new disk: add -DestinationPath with the path of a file that does not exist yet.");
            }

            if (member.LengthInBytes != member.Parent.LengthInBytes)
            {
                throw new DiskOperationException(
                    ErrorCode.ParentSizeMismatch, top.Path,
                    $"'{member.Path}' has {member.LengthInBytes} bytes, its parent '{member.Parent.Path}' has {member.Parent.LengthInBytes}.",
                    "Merge the chain into a new disk: add -DestinationPath with the path of a file that does not exist yet.");
            }

            member = member.Parent;
        }

        return new MergePlan(targetPath, member.Identifier, layers, identifiers, IsCopied: false);
    }

    /// <summary>Runs the merge, or what is left of it.</summary>
    /// <exception cref="DiskFormatException">A file breaks the specification.</exception>
    /// <exception cref="DiskOperationException">
    /// The target or a difference is in use or is another disk than planned, or the operating system could not read or write.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancelled: running the merge again finishes it.</exception>
    public async Task RunAsync(IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        // Held to the end: what somebody else wrote into a difference after it was copied would be removed with it.
        using var layers = MergeLayers.Open(_plan);
        if (!_plan.IsCopied)
        {
            await CopyAsync(layers, progress, cancellationToken).ConfigureAwait(false);
            (_plan with { IsCopied = true }).Save();
        }

        // The target shows itself again before the top goes: one of the two shows what is merged at every point.
        MergeMarker.Delete(_plan.TargetPath);
        layers.Release();
        foreach (string layer in _plan.LayerPaths.SkipLast(1))
        {
            File.Delete(layer);
            MergeMarker.Delete(layer);
        }

        _plan.DeleteWithTop();
    }

    private async Task CopyAsync(
        MergeLayers layers, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        using var file = DiskFile.OpenWrite(_plan.TargetPath);
        EditJournal.Recover(file);
        VirtualDisk target = VhdReader.OpenAlone(file);
        MergeLayers.Require(target, _plan.TargetIdentifier);
        layers.RequireSize(target);
        if (!MergeMarker.Exists(target.Path))
        {
            // An interrupted merge has taken a part of its space already; nobody knows how much.
            VolumeSpace.Require(target.Path, NeededSpace(target));
        }

        DateTime before = file.LastWriteTimeUtc;

        // From here on the merge is under way: first the plan that finishes it, then the markers that guard what changes.
        _plan.Save();
        MarkChangingDisks();
        var writer = new VhdMergeWriter(target);
        foreach (VirtualDisk layer in layers.Disks)
        {
            var options = new CopyOptions { Activity = "Merging disk", WritesZeros = true };
            await new DiskCopier(layer, writer, options, progress).CopyAsync(cancellationToken).ConfigureAwait(false);
        }

        writer.Complete();
        File.SetLastWriteTimeUtc(file.Handle, ModificationTime.After(before, TimeProvider.System));
        await Task.Run(file.Flush, CancellationToken.None).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The target changes, and with it what every difference between it and the top shows by itself.</summary>
    private void MarkChangingDisks()
    {
        for (int index = _plan.LayerPaths.Count - 1; index >= 0; index--)
        {
            string beneath = index == 0 ? _plan.TargetPath : _plan.LayerPaths[index - 1];
            MergeMarker.Write(beneath, _plan.LayerIdentifiers[index], _plan.TopPath);
        }
    }

    private long NeededSpace(VirtualDisk target)
    {
        long layers = _plan.LayerPaths.Sum(path => new FileInfo(path).Length);
        return target.Type == VhdType.Fixed
            ? Math.Min(layers, target.LengthInBytes - Math.Min(target.LengthInBytes, target.File.GetAllocatedLength()))
            : layers;
    }
}
