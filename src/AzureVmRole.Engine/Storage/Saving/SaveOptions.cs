namespace AzureVmRole.Engine.Storage.Saving;

/// <summary>Which disk is downloaded, and what it becomes.</summary>
public sealed record SaveOptions
{
    /// <summary>The address of the blob, or of a snapshot: a page blob that holds a fixed VHD.</summary>
    public required string Source { get; init; }

    /// <summary>The absolute path of the new file.</summary>
    public required string DestinationPath { get; init; }

    /// <summary>Fixed (the default) or dynamic; raw knows only fixed.</summary>
    public VhdType Type { get; init; } = VhdType.Fixed;

    /// <summary>The file's format; null lets its name's extension decide (.vhdx, .raw, .img; else VHD).</summary>
    public VhdFormat? Format { get; init; }

    /// <summary>Whether an existing file may be replaced.</summary>
    public bool Overwrite { get; init; }

    /// <summary>How the store is reached.</summary>
    public StoreConnection Connection { get; init; } = new();
}
