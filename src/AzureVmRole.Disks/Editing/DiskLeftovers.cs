using AzureVmRole.Disks.Files;
using AzureVmRole.Disks.Merging;

namespace AzureVmRole.Disks.Editing;

/// <summary>What interrupted operations leave beside a disk, seen from a new disk that is to take its name.</summary>
public static class DiskLeftovers
{
    /// <summary>
    /// Makes sure that a new disk at this path will not be taken for the one that something was left of. A change to an
    /// existing disk is finished first.
    /// </summary>
    /// <param name="path">The absolute path.</param>
    /// <param name="overwrite">Whether what is left of a disk that is no longer there may be removed.</param>
    /// <exception cref="DiskOperationException">
    /// A merge of or into the existing disk was interrupted: replacing it would lose data. Or something is left of a disk that
    /// is no longer there, and may be needed where that disk is now.
    /// </exception>
    public static void Settle(string path, bool overwrite)
    {
        if (!File.Exists(path))
        {
            SettleMissing(path, overwrite);
            return;
        }

        MergeMarker.ThrowIfForeign(path, Guid.Empty);
        if (MergePlan.Load(path) is { } plan)
        {
            throw new DiskOperationException(
                ErrorCode.MergeInterrupted, path,
                $"A merge of '{path}' into '{plan.TargetPath}' was interrupted; replacing the disk would lose what is not merged yet.",
                $"Finish it first: Merge-DifferencingVhd -Path '{path}'.");
        }

        using var file = DiskFile.OpenWrite(path);
        EditJournal.Recover(file);
    }

    private static void SettleMissing(string path, bool overwrite)
    {
        foreach (string suffix in new[] { EditJournal.Suffix, MergePlan.Suffix, MergeMarker.Suffix })
        {
            if (!overwrite && File.Exists(path + suffix))
            {
                throw new DiskOperationException(
                    ErrorCode.TargetExists, path,
                    $"'{path}{suffix}' is left of an interrupted change to a disk that was at '{path}'.",
                    "If that disk was moved, move it back, or move this file to it, and finish the change there. If it is gone for good, add -Force.");
            }

            File.Delete(path + suffix);
        }
    }
}
