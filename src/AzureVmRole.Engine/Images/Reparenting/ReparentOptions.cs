namespace AzureVmRole.Engine.Images.Reparenting;

/// <summary>Which parent a differencing disk gets.</summary>
public sealed record ReparentOptions
{
    /// <summary>The absolute path of the differencing disk.</summary>
    public required string Path { get; init; }

    /// <summary>The absolute path of the parent.</summary>
    public required string ParentPath { get; init; }

    /// <summary>
    /// Whether a disk with another identity than the one the difference was made on is taken as the parent. The content of
    /// the difference is only right when the parent's content is that of the old parent.
    /// </summary>
    public bool IgnoreIdMismatch { get; init; }
}
