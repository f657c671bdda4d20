using System.Text.Json;
using AzureVmRole.Disks.Files;

namespace AzureVmRole.Disks.Merging;

/// <summary>
/// What a merge in place is going to do, kept in a file beside the top disk from before the first write until after the
/// last deletion. Doing it again from the start gives the same result, so an interrupted merge is finished by running it again.
/// </summary>
/// <param name="TargetPath">The disk that everything goes into.</param>
/// <param name="LayerPaths">The differences that are merged and then removed, the one next to the target first.</param>
/// <param name="IsCopied">Whether the target is finished, so that only the removal is left.</param>
public sealed record MergePlan(string TargetPath, IReadOnlyList<string> LayerPaths, bool IsCopied)
{
    private const string Suffix = ".merge";

    /// <summary>The disk whose content the target gets.</summary>
    public string TopPath => LayerPaths[^1];

    /// <summary>The plan of an interrupted merge, or null.</summary>
    /// <exception cref="DiskOperationException">The plan's file is damaged.</exception>
    public static MergePlan? Load(string topPath)
    {
        if (!File.Exists(topPath + Suffix))
        {
            return null;
        }

        try
        {
            MergePlan? plan = JsonSerializer.Deserialize<MergePlan>(File.ReadAllBytes(topPath + Suffix));
            if (plan is { TargetPath.Length: > 0, LayerPaths.Count: > 0 })
            {
                return plan;
            }
        }
        catch (JsonException)
        {
            // Told below, as any other damage.
        }

        throw new DiskOperationException(
            ErrorCode.EditJournalInvalid, topPath, $"'{topPath}{Suffix}' should be the plan of an interrupted merge, but it is damaged.",
            "The plan is renamed into place only when whole, so something else damaged it. Restore it, or delete it and start the merge again.");
    }

    /// <summary>Puts the plan beside the top disk, on stable storage.</summary>
    internal void Save() => SmallFile.Write(TopPath + Suffix, JsonSerializer.SerializeToUtf8Bytes(this));

    /// <summary>Removes the plan: the merge is finished.</summary>
    internal void Delete()
    {
        File.Delete(TopPath + Suffix);
        FolderEntries.Flush(TopPath);
    }
}
