using AzureVmRole.Disks;
using AzureVmRole.Disks.Copying;
using AzureVmRole.Disks.Files;

namespace AzureVmRole.Engine.Images.Optimization;

/// <summary>Makes disk files as small as their content allows.</summary>
public static class DiskOptimization
{
    /// <summary>
    /// Writes a disk anew without its zeros and takes the old file's place: blocks of zeros leave a dynamic disk, and become
    /// holes in a fixed one. The disk keeps its id and modification time, so differences on it stay valid.
    /// </summary>
    /// <param name="path">The absolute path.</param>
    /// <param name="progress">Gets how far it has come; called from several threads.</param>
    /// <param name="cancellationToken">Ends the work; the disk is then as it was.</param>
    /// <exception cref="DiskFormatException">The file breaks the rules of its format.</exception>
    /// <exception cref="DiskOperationException">The disk is differencing or of a format that is only read, or cannot be replaced.</exception>
    public static Task<BaseVhd> OptimizeAsync(
        string path, IProgress<TransferProgress>? progress, CancellationToken cancellationToken) =>
        Task.Run(() => OptimizeCoreAsync(DiskPath.Resolve(path), progress, cancellationToken), cancellationToken);

    private static async Task<BaseVhd> OptimizeCoreAsync(
        string path, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        ExclusiveUse.Require(path);
        using (VirtualDisk disk = VirtualDiskFile.Open(path))
        {
            CheckType(disk);
            var target = DiskTarget.ReplacementOf(disk, disk.LengthInBytes);
            var image = new ImageFile(target, overwrite: true)
            {
                Activity = "Optimizing disk",
                ReplacesSource = true,
                LastWriteTimeUtc = File.GetLastWriteTimeUtc(disk.File.Handle),
            };
            await image.CopyFromAsync(disk, progress, cancellationToken).ConfigureAwait(false);
        }

        return DiskDescription.Describe(path);
    }

    private static void CheckType(VirtualDisk disk)
    {
        ImageFile.RequireWritableFormat(disk);
        if (disk.Parent is not null)
        {
            throw new DiskOperationException(
                ErrorCode.DiskTypeUnsuitable, disk.Path, $"'{disk.Path}' is a differencing disk: its zeros hide its parent's data.",
                "Optimize the parent, or merge the chain first with Merge-DifferencingVhd.");
        }
    }
}
