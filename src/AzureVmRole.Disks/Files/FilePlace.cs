namespace AzureVmRole.Disks.Files;

/// <summary>A place in a file.</summary>
/// <param name="File">The file.</param>
/// <param name="Offset">Bytes from its start.</param>
public readonly record struct FilePlace(DiskFile File, long Offset);
