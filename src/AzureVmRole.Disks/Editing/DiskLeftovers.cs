using AzureVmRole.Disks.Files;
using AzureVmRole.Disks.Merging;

namespace AzureVmRole.Disks.Editing;

/// <summary>What interrupted operations leave beside a disk, seen from a new disk that is to take its name.</summary>
public static class DiskLeftovers
{
    /// <summary>
    /// Makes sure that a new disk at this path will not be taken for the one that something was left of. What is left of a
    /// disk that no longer exists is removed; a change to an existing one is finished first.
    /// </summary>
    /// <exception cref="DiskOperationException">A merge of or into the existing disk was interrupted: replacing it would lose data.</exception>
    public static void Settle(string path)
    {
        if (!File.Exists(path))
        {
            EditJournal.Discard(path);
            MergePlan.Discard(path);
            MergeMarker.Delete(path);
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
}
