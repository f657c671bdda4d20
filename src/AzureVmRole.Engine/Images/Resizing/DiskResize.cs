using AzureVmRole.Disks;
using AzureVmRole.Disks.Copying;
using AzureVmRole.Disks.Files;
using AzureVmRole.Disks.Partitions;
using AzureVmRole.Disks.Vhd;

namespace AzureVmRole.Engine.Images.Resizing;

/// <summary>Gives disks another virtual size.</summary>
public static class DiskResize
{
    /// <summary>
    /// Resizes a disk. A fixed VHD and a growing dynamic one are changed in place, others are written anew beside the old
    /// file and take its place. A GPT's backup moves with the end of the disk; partitions keep their size.
    /// </summary>
    /// <param name="options">The disk and its new size.</param>
    /// <param name="progress">Gets how far it has come, where the disk is written anew.</param>
    /// <param name="cancellationToken">Ends the work; the disk is then the old one.</param>
    /// <exception cref="DiskFormatException">The file breaks the rules of its format.</exception>
    /// <exception cref="DiskOperationException">The size is not allowed or cuts a partition, or the disk cannot be changed.</exception>
    public static Task<BaseVhd> ResizeAsync(
        DiskResizeOptions options, IProgress<TransferProgress>? progress, CancellationToken cancellationToken) =>
        Task.Run(() => ResizeCoreAsync(options with { Path = DiskPath.Resolve(options.Path) }, progress, cancellationToken), cancellationToken);

    private static async Task<BaseVhd> ResizeCoreAsync(
        DiskResizeOptions options, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        ExclusiveUse.Require(options.Path);
        using (VirtualDisk disk = VirtualDiskFile.Open(options.Path))
        {
            CheckType(disk);
            long size = options.SizeInBytes ?? MinimumSize(disk);
            var target = DiskTarget.ReplacementOf(disk, size);
            target.Validate();
            IReadOnlyList<SectorWrite> tableWrites = ResizePlan.Create(disk, size);
            bool isInPlace = disk.Format == VhdFormat.Vhd && (disk.Type == VhdType.Fixed || size >= disk.LengthInBytes);
            if (!isInPlace)
            {
                var image = new ImageFile(target, overwrite: true) 
                {
                    Activity = "Resizing disk",
                    ReplacesSource = true,
                    LastWriteTimeUtc = ModificationTime.After(disk.File.LastWriteTimeUtc, TimeProvider.System),
                };
                await image.CopyFromAsync(disk, progress, cancellationToken).ConfigureAwait(false);
            }
            else if (size != disk.LengthInBytes)
            {
                cancellationToken.ThrowIfCancellationRequested();
                disk.Dispose();
                using var editor = VhdEditor.Open(options.Path);
                editor.Resize(size, tableWrites);
            }
        }

        return DiskDescription.Describe(options.Path);
    }

    private static void CheckType(VirtualDisk disk)
    {
        ImageFile.RequireWritableFormat(disk);
        if (disk.Parent is not null)
        {
            throw new DiskOperationException(
                ErrorCode.DiskTypeUnsuitable, disk.Path,
                $"'{disk.Path}' is a differencing disk; its size is that of its parent '{disk.Parent.Path}'.",
                "Merge the chain into a new disk with Merge-DifferencingVhd -DestinationPath, and resize that.");
        }
    }

    private static long MinimumSize(VirtualDisk disk) =>
        PartitionTable.Read(disk).MinimumLengthInWholeMebibytes ?? throw new DiskOperationException(
            ErrorCode.PartitionTableInvalid, disk.Path,
            $"'{disk.Path}' has no partition table that tells its smallest size.",
            "Give the size.");
}
