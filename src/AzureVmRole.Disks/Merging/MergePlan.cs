using System.Text.Json;
using AzureVmRole.Disks.Files;
using AzureVmRole.Disks.Vhd;

namespace AzureVmRole.Disks.Merging;

/// <summary>
/// What a merge in place is going to do, kept in a file beside the top disk from before the first write until after the
/// last deletion. Doing it again from the start gives the same result, so an interrupted merge is finished by running it again.
/// </summary>
/// <param name="TargetPath">The disk that everything goes into.</param>
/// <param name="LayerPaths">The differences that are merged and then removed, the one next to the target first.</param>
/// <param name="TopIdentifier">The unique id of the top disk: a plan beside another disk is none.</param>
/// <param name="IsCopied">Whether the target is finished, so that only the removal is left.</param>
public sealed record MergePlan(string TargetPath, IReadOnlyList<string> LayerPaths, Guid TopIdentifier, bool IsCopied)
{
    internal const string Suffix = ".merge";
    private const int LargestPlan = 1 << 20;

    /// <summary>The disk whose content the target gets.</summary>
    public string TopPath => LayerPaths[^1];

    /// <summary>The plan of an interrupted merge, or null. A plan that belongs to another disk than the one there now is removed.</summary>
    /// <exception cref="DiskOperationException">The plan's file is damaged.</exception>
    public static MergePlan? Load(string topPath)
    {
        if (!File.Exists(topPath + Suffix))
        {
            return LoadFromTop(topPath);
        }

        MergePlan plan = Parse(File.ReadAllBytes(topPath + Suffix)) ?? throw new DiskOperationException(
            ErrorCode.EditJournalInvalid, topPath, $"'{topPath}{Suffix}' should be the plan of an interrupted merge, but it is damaged.",
            "The plan is renamed into place only when whole, so something else damaged it. Restore it, or delete it and start the merge again.");
        using (var top = DiskFile.OpenRead(topPath))
        {
            if (VhdFooterReader.HasIdentifier(top, plan.TopIdentifier))
            {
                return IsSame(plan.TopPath, topPath) ? plan : throw Moved(topPath, plan);
            }
        }

        Discard(topPath);
        return null;
    }

    /// <summary>Whether there is a plan beside a disk.</summary>
    public static bool Exists(string topPath) => File.Exists(topPath + Suffix);

    /// <summary>Removes the plan of a disk that is no longer there.</summary>
    public static void Discard(string topPath) => File.Delete(topPath + Suffix);

    private static bool IsSame(string path, string other) => string.Equals(
        path, other, OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase);

    /// <summary>The plan names files by absolute paths; in a copied folder it would change and remove the originals.</summary>
    private static DiskOperationException Moved(string topPath, MergePlan plan) => new(
        ErrorCode.MergeInterrupted, topPath,
        $"A merge was interrupted that ran as '{plan.TopPath}'; now its plan is at '{topPath}{Suffix}'.",
        $"Move the files back and finish it there: Merge-DifferencingVhd -Path '{plan.TopPath}'.");

    /// <summary>At the very end of a merge the plan takes the top disk's place for a moment, so that neither is ever without the other.</summary>
    private static MergePlan? LoadFromTop(string topPath)
    {
        var file = new FileInfo(topPath);
        if (!file.Exists || file.Length is 0 or >= LargestPlan)
        {
            return null;
        }

        using var top = DiskFile.OpenRead(topPath);
        byte[] bytes = new byte[top.Length];
        top.ReadExactly(0, bytes);
        return Parse(bytes);
    }

    private static MergePlan? Parse(byte[] bytes)
    {
        try
        {
            MergePlan? plan = JsonSerializer.Deserialize<MergePlan>(bytes);
            return plan is { TargetPath.Length: > 0, LayerPaths.Count: > 0 } ? plan : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Puts the plan beside the top disk, on stable storage.</summary>
    internal void Save() => SmallFile.Write(TopPath + Suffix, TopPath, JsonSerializer.SerializeToUtf8Bytes(this));

    /// <summary>Removes the top disk and the plan: the merge is finished.</summary>
    internal void DeleteWithTop()
    {
        if (File.Exists(TopPath + Suffix))
        {
            File.Move(TopPath + Suffix, TopPath, overwrite: true);
        }

        File.Delete(TopPath);
        FolderEntries.Flush(TopPath);
    }
}
