using AzureVmRole.Disks.Files;
using AzureVmRole.Disks.Merging;

namespace AzureVmRole.Disks.Vhd;

/// <summary>Opens the parent of a differencing VHD and makes sure that it is the one the difference was made on.</summary>
internal static class VhdParentLink
{
    /// <summary>Opens the parent.</summary>
    /// <exception cref="DiskOperationException">The parent is missing, another disk, or changed since.</exception>
    public static VirtualDisk Open(DiskFile child, VhdFooter footer, VhdDynamicHeader header, DiskChain chain)
    {
        IReadOnlyList<string> candidates = new VhdParentFinder(child, header).Candidates();
        DiskOperationException? mismatch = null;
        foreach (string candidate in candidates.Where(File.Exists))
        {
            VirtualDisk parent = chain.OpenParent(child.Path, candidate, footer.UniqueId);
            try
            {
                Check(child, header, parent, MergeMarker.Exists(candidate));
                return parent;
            }
            catch (DiskOperationException exception) when (exception.Code == ErrorCode.ParentIdentityMismatch)
            {
                parent.Dispose();
                mismatch ??= exception;
            }
            catch
            {
                parent.Dispose();
                throw;
            }
        }

        throw mismatch ?? new DiskOperationException(
            ErrorCode.ParentNotFound, child.Path,
            $"The parent of '{child.Path}' (id {header.ParentUniqueId}) was not found at {string.Join(", ", candidates.Select(path => $"'{path}'"))}.",
            "Put the parent back, or point to its new place with Set-DifferencingVhd -ParentPath.");
    }

    private static void Check(DiskFile child, VhdDynamicHeader header, VirtualDisk parent, bool isMerging)
    {
        if (parent is not IVhdDisk)
        {
            // The id of a disk without one is empty, and so may be the one that the child asks for.
            throw new DiskOperationException(
                ErrorCode.ParentIdentityMismatch, child.Path,
                $"'{child.Path}' was made on the VHD with id {header.ParentUniqueId}, but '{parent.Path}' is a {parent.Format} disk.",
                "Put the right parent there, or point to it with Set-DifferencingVhd -ParentPath.");
        }

        if (parent.Identifier != header.ParentUniqueId)
        {
            throw new DiskOperationException(
                ErrorCode.ParentIdentityMismatch, child.Path,
                $"'{child.Path}' was made on the disk with id {header.ParentUniqueId}, but '{parent.Path}' has id {parent.Identifier}.",
                "Put the right parent there, or point to it with Set-DifferencingVhd -ParentPath.");
        }

        // A merge into the parent that was interrupted changed it, but not what this child shows.
        DateTime modified = parent.File.LastWriteTimeUtc;
        uint stamp = VhdFormatConstants.ToTimeStamp(modified);
        if (!isMerging && stamp != header.ParentTimeStamp)
        {
            throw new DiskOperationException(
                ErrorCode.ParentModified, child.Path,
                $"'{parent.Path}' was changed after '{child.Path}' was made on it: modified {modified:yyyy-MM-dd HH:mm:ss} UTC, expected {VhdFormatConstants.Epoch.AddSeconds(header.ParentTimeStamp):yyyy-MM-dd HH:mm:ss} UTC.",
                "Restore the parent as it was. If only its time stamp changed, accept it with Set-DifferencingVhd -ParentPath.");
        }
    }
}
