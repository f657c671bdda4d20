namespace AzureVmRole.Engine.Images.Merging;

/// <summary>What a merge is going to do, before anybody is asked.</summary>
/// <param name="TargetPath">The disk that gets the result.</param>
/// <param name="IsNewDisk">Whether that is a new file, and everything else stays as it is.</param>
/// <param name="IsInterrupted">Whether an interrupted merge is finished.</param>
/// <param name="RemovedPaths">The differences that are removed when their content is in the target.</param>
public sealed record MergeOutline(string TargetPath, bool IsNewDisk, bool IsInterrupted, IReadOnlyList<string> RemovedPaths);
