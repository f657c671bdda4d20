namespace AzureVmRole.Disks;

/// <summary>Opens a virtual disk of any known format. What the file holds decides, not its name.</summary>
public static class VirtualDiskFile
{
    /// <summary>Opens a disk with all its parents for reading.</summary>
    /// <param name="path">The absolute path.</param>
    /// <exception cref="DiskFormatException">The file, or a parent, breaks the rules of its format.</exception>
    /// <exception cref="DiskOperationException">A file cannot be opened, or a parent is missing or another disk.</exception>
    public static VirtualDisk Open(string path) => DiskChain.Open(path);
}
