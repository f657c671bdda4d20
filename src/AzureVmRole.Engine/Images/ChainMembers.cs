using AzureVmRole.Disks;

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
            if (IsSame(member.Path, targetPath))
            {
                throw new DiskOperationException(
                    ErrorCode.InvalidArgument, targetPath,
                    $"'{targetPath}' is {(member == disk ? "the source itself" : $"a parent of '{disk.Path}'")}; it cannot be the target, too.",
                    "Give another path for the new disk.");
            }
        }
    }

    /// <summary>Whether two absolute paths name the same file, as far as their spelling tells.</summary>
    public static bool IsSame(string path, string other) => string.Equals(
        path, other, OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase);
}
