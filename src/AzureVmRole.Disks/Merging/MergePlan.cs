using System.Security.Cryptography;
using System.Text.Json;
using AzureVmRole.Disks.Files;
using AzureVmRole.Disks.Vhd;

namespace AzureVmRole.Disks.Merging;

/// <summary>
/// What a merge in place is going to do, kept in a file beside the top disk from before the first write until after the
/// last deletion. Doing it again from the start gives the same result, so an interrupted merge is finished by running it again.
/// </summary>
/// <param name="TargetPath">The disk that everything goes into.</param>
/// <param name="TargetIdentifier">Its unique id: nothing is written into another disk.</param>
/// <param name="LayerPaths">The differences that are merged and then removed, the one next to the target first.</param>
/// <param name="LayerIdentifiers">Their unique ids: no other disk is removed.</param>
/// <param name="IsCopied">Whether the target is finished, so that only the removal is left.</param>
public sealed record MergePlan(
    string TargetPath,
    Guid TargetIdentifier,
    IReadOnlyList<string> LayerPaths,
    IReadOnlyList<Guid> LayerIdentifiers,
    bool IsCopied)
{
    internal const string Suffix = ".azvmrole-merge";
    private const int LargestPlan = 1 << 20;

    /// <summary>The disk whose content the target gets.</summary>
    public string TopPath => LayerPaths[^1];

    private static ReadOnlySpan<byte> Magic => "AVRMERGE"u8;

    /// <summary>The plan of an interrupted merge, or null. A plan that belongs to another disk than the one there now is removed.</summary>
    /// <exception cref="DiskOperationException">The plan's file is damaged.</exception>
    public static MergePlan? Load(string topPath)
    {
        string planPath = topPath + Suffix;
        if (!File.Exists(planPath))
        {
            return LoadFromTop(topPath);
        }

        MergePlan plan = Parse(File.ReadAllBytes(planPath)) ?? throw new DiskOperationException(
            ErrorCode.EditJournalInvalid, topPath, $"'{planPath}' should be the plan of an interrupted merge, but it is damaged.",
            "The plan is renamed into place only when whole, so something else damaged it. Restore it, or delete it and start the merge again.");
        using (var top = DiskFile.OpenRead(topPath))
        {
            if (VhdFooterReader.HasIdentifier(top, plan.LayerIdentifiers[^1]))
            {
                return FileStatus.IsSameFile(plan.TopPath, topPath) ? plan : throw Moved(topPath, plan);
            }
        }

        File.Delete(planPath);
        return null;
    }

    /// <summary>Whether there is a plan beside a disk.</summary>
    public static bool Exists(string topPath) => File.Exists(topPath + Suffix);

    /// <summary>Puts the plan beside the top disk, on stable storage.</summary>
    /// <exception cref="DiskOperationException">The file could not be written.</exception>
    public void Save()
    {
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(this);
        SmallFile.Write(TopPath + Suffix, TopPath, [.. Magic, .. SHA256.HashData(body), .. body]);
    }

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

    /// <summary>The plan names files by absolute paths; in a copied folder it would change and remove the originals.</summary>
    private static DiskOperationException Moved(string topPath, MergePlan plan) => new(
        ErrorCode.MergeInterrupted, topPath,
        $"A merge was interrupted that ran as '{plan.TopPath}'; now its plan is at '{topPath}{Suffix}'.",
        $"Move the files back and finish it there: Merge-DifferencingVhd -Path '{plan.TopPath}'.");

    /// <summary>
    /// At the very end of a merge the plan takes the top disk's place for a moment, so that neither is ever without the
    /// other. All other layers are gone by then: nothing but this file is left to remove.
    /// </summary>
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
        return Parse(bytes) is { IsCopied: true } plan && FileStatus.IsSameFile(plan.TopPath, topPath)
            ? plan with { LayerPaths = [topPath], LayerIdentifiers = [plan.LayerIdentifiers[^1]] }
            : null;
    }

    private static MergePlan? Parse(ReadOnlySpan<byte> bytes)
    {
        int bodyOffset = Magic.Length + SHA256.HashSizeInBytes;
        if (bytes.Length <= bodyOffset || !bytes.StartsWith(Magic)
            || !SHA256.HashData(bytes[bodyOffset..]).AsSpan().SequenceEqual(bytes[Magic.Length..bodyOffset]))
        {
            return null;
        }

        try
        {
            MergePlan? plan = JsonSerializer.Deserialize<MergePlan>(bytes[bodyOffset..]);
            return plan is { TargetPath.Length: > 0, LayerPaths.Count: > 0 }
                && plan.LayerIdentifiers?.Count == plan.LayerPaths.Count && plan.LayerPaths.All(path => path is { Length: > 0 })
                ? plan
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
