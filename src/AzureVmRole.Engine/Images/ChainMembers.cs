using AzureVmRole.Disks;
using AzureVmRole.Disks.Files;

namespace AzureVmRole.Engine.Images;

/// <summary>The files of a disk and its parents.</summary>
internal static class ChainMembers
{
    /// <summary>Refuses a target that is one of the files being read: replacing it would destroy its children.</summary>
    /// <exception cref="DiskOperationException">The target is the disk itself or one of its parents.</exception>
    public static void ThrowIfMember(VirtualDisk disk, string targetPath)
    {
        for (VirtualDisk? member = disk; member is not null; member = member.Parent)
        {
            if (FileStatus.IsSameFile(member.Path, targetPath))
            {
                throw new DiskOperationException(
                    ErrorCode.InvalidArgument, targetPath,
                    $"'{targetPath}' is {(member == disk ? "the source itself" : $"a parent of '{disk.Path}'")}; it cannot be the target, too.",
                    "Give another path for the new disk.");
            }
        }
    }
}
