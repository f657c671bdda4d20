namespace AzureVmRole.Engine.Tests.Killing;

/// <summary>An operation that is killed.</summary>
/// <param name="Name">The test's name.</param>
/// <param name="PrepareAsync">Makes the disks.</param>
/// <param name="Words">The operation; a word that starts with @ is a file of the folder.</param>
internal sealed record KillCase(string Name, Func<DiskFolder, Task> PrepareAsync, params string[] Words)
{
    /// <summary>
    /// The disk on top of a merge in place. Until the merge is done it shows what is merged; what is beneath it may refuse
    /// to open.
    /// </summary>
    public string? MergedTop { get; init; }

    /// <summary>The disk that a merge in place goes into.</summary>
    public string? MergeTarget { get; init; }

    /// <summary>The words for a folder.</summary>
    public string[] WordsIn(DiskFolder folder) =>
        [.. Words.Select(word => word.StartsWith('@') ? folder[word[1..]] : word)];
}
