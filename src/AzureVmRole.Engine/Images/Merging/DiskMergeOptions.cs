namespace AzureVmRole.Engine.Images.Merging;

/// <summary>What is merged into what.</summary>
public sealed record DiskMergeOptions
{
    /// <summary>The absolute path of the differencing disk: the top of what is merged.</summary>
    public required string Path { get; init; }

    /// <summary>
    /// Where the merge goes: an ancestor of the disk (merged in place, and everything between removed), or a new file that
    /// gets the whole chain. Null for the disk's own parent.
    /// </summary>
    public string? DestinationPath { get; init; }

    /// <summary>The type of a new file: fixed (the default) or dynamic.</summary>
    public VhdType Type { get; init; } = VhdType.Fixed;

    /// <summary>Whether an existing file that is no ancestor may be replaced.</summary>
    public bool Overwrite { get; init; }
}
