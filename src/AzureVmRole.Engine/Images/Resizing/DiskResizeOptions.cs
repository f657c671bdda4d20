namespace AzureVmRole.Engine.Images.Resizing;

/// <summary>The new size of a disk.</summary>
public sealed record DiskResizeOptions
{
    /// <summary>The absolute path of the disk.</summary>
    public required string Path { get; init; }

    /// <summary>The new virtual size in bytes; null for the smallest that cuts no partition.</summary>
    public long? SizeInBytes { get; init; }
}
