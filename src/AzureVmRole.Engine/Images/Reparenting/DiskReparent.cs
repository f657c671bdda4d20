using AzureVmRole.Disks;
using AzureVmRole.Disks.Files;
using AzureVmRole.Disks.Merging;
using AzureVmRole.Disks.Vhd;

namespace AzureVmRole.Engine.Images.Reparenting;

/// <summary>Points differencing disks to their parents.</summary>
public static class DiskReparent
{
    /// <summary>Writes where a differencing VHD's parent is, who it is and when it was changed.</summary>
    /// <param name="options">The disk and its parent.</param>
    /// <param name="cancellationToken">Ends the work; the disk is then as it was.</param>
    /// <exception cref="DiskFormatException">A file breaks the rules of its format.</exception>
    /// <exception cref="DiskOperationException">The disk is no difference, the parent is another disk or has another size.</exception>
    public static Task<BaseVhd> ReparentAsync(ReparentOptions options, CancellationToken cancellationToken) =>
        Task.Run(() => Reparent(options with { Path = DiskPath.Resolve(options.Path), ParentPath = DiskPath.Resolve(options.ParentPath) }), cancellationToken);

    private static BaseVhd Reparent(ReparentOptions options)
    {
        using (VirtualDisk parent = VirtualDiskFile.Open(options.ParentPath))
        {
            ThrowIfDescendant(parent, options.Path);
            using var editor = VhdEditor.Open(options.Path);
            CheckChild(editor, options);
            CheckParent(editor, parent, options);
            editor.SetParent(parent);
        }

        return DiskDescription.Describe(options.Path);
    }

    private static void ThrowIfDescendant(VirtualDisk parent, string path)
    {
        for (VirtualDisk? member = parent; member is not null; member = member.Parent)
        {
            if (FileStatus.IsSameFile(member.Path, path))
            {
                throw new DiskOperationException(
                    ErrorCode.ParentCycle, path,
                    $"'{parent.Path}' is '{path}' itself or a difference on it; it cannot be its parent.",
                    "Give the disk below.");
            }
        }
    }

    private static void CheckChild(VhdEditor editor, ReparentOptions options)
    {
        if (MergePlan.Exists(options.Path))
        {
            throw new DiskOperationException(
                ErrorCode.MergeInterrupted, options.Path, $"A merge of '{options.Path}' was interrupted.",
                $"Finish it first: Merge-DifferencingVhd -Path '{options.Path}'.");
        }

        if (editor.Disk.Type != VhdType.Differencing)
        {
            throw new DiskOperationException(
                ErrorCode.DiskTypeUnsuitable, options.Path,
                $"'{options.Path}' is a {editor.Disk.Type} disk; only a differencing disk has a parent.",
                "Give the path of a differencing disk, or make one with New-DifferencingVhd.");
        }
    }

    private static void CheckParent(VhdEditor editor, VirtualDisk parent, ReparentOptions options)
    {
        if (parent.Format != VhdFormat.Vhd)
        {
            throw new DiskOperationException(
                ErrorCode.DiskFormatUnsupported, parent.Path,
                $"'{parent.Path}' is a {parent.Format} disk; the parent of a differencing VHD must be a VHD.",
                "Give a VHD.");
        }

        if (parent.LengthInBytes != editor.Disk.LengthInBytes)
        {
            throw new DiskOperationException(
                ErrorCode.ParentSizeMismatch, options.Path,
                $"'{parent.Path}' has {parent.LengthInBytes} bytes, the difference '{options.Path}' has {editor.Disk.LengthInBytes}.",
                "Give the disk that the difference was made on, or a copy of it of the same size.");
        }

        if (!options.IgnoreIdMismatch && editor.ParentIdentifier != parent.Identifier)
        {
            throw new DiskOperationException(
                ErrorCode.ParentIdentityMismatch, options.Path,
                $"'{options.Path}' was made on the disk with id {editor.ParentIdentifier}, but '{parent.Path}' has id {parent.Identifier}.",
                "Give the right parent. If this disk has the same content under another id, add -IgnoreIdMismatch.");
        }
    }
}
