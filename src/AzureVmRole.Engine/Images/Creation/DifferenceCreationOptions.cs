namespace AzureVmRole.Engine.Images.Creation;

/// <summary>What a new differencing disk should be.</summary>
public sealed record DifferenceCreationOptions
{
    /// <summary>The absolute path of the new file.</summary>
    public required string Path { get; init; }

    /// <summary>The absolute path of the parent: a VHD of any type.</summary>
    public required string ParentPath { get; init; }

    /// <summary>The block size in bytes; null for 2 MiB.</summary>
    public long? BlockSizeInBytes { get; init; }

    /// <summary>Whether an existing file may be replaced.</summary>
    public bool Overwrite { get; init; }
}
