namespace AzureVmRole.Disks.Files;

/// <summary>A run of bytes in a file.</summary>
/// <param name="Offset">Bytes from the start of the file.</param>
/// <param name="Length">Length in bytes.</param>
public readonly record struct FileRange(long Offset, long Length)
{
    /// <summary>The first byte after the run.</summary>
    public long End => Offset + Length;
}
