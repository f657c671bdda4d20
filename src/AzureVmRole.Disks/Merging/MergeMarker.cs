using System.Text;
using AzureVmRole.Disks.Files;

namespace AzureVmRole.Disks.Merging;

/// <summary>
/// A file beside a disk that says: a merge into this disk, or into one beneath it, is under way, and only the named child may
/// still show it. Until the merge is finished the disk is neither what it was nor what it will be; the top disk, whose
/// children are named all the way down, is whole all the time.
/// </summary>
internal static class MergeMarker
{
    public const string Suffix = ".azvmrole-merging";

    public static bool Exists(string targetPath) => File.Exists(targetPath + Suffix);

    /// <summary>Puts the marker beside a disk, on stable storage.</summary>
    public static void Write(string path, Guid childIdentifier, string topPath) =>
        SmallFile.Write(path + Suffix, path, Encoding.UTF8.GetBytes($"{childIdentifier:D}\n{topPath}\n"));

    public static void Delete(string targetPath)
    {
        File.Delete(targetPath + Suffix);
        FolderEntries.Flush(targetPath);
    }

    /// <exception cref="DiskOperationException">A merge into the disk was interrupted, and not by this child.</exception>
    public static void ThrowIfForeign(string path, Guid childIdentifier)
    {
        if (!Exists(path))
        {
            return;
        }

        string[] lines = File.ReadAllLines(path + Suffix);
        if (lines.Length < 2 || !Guid.TryParse(lines[0], out Guid merging) || merging != childIdentifier)
        {
            throw new DiskOperationException(
                ErrorCode.MergeInterrupted, path,
                $"A merge into '{path}' was interrupted; the disk is only whole as the parent of '{(lines.Length < 2 ? "?" : lines[1])}'.",
                $"Finish it: Merge-DifferencingVhd -Path '{(lines.Length < 2 ? "?" : lines[1])}'.");
        }
    }
}
