using AzureVmRole.Disks.Files;

namespace AzureVmRole.Disks;

/// <summary>The chain of disks being opened, from the top to the ancestor in hand: finds a disk that is its own ancestor.</summary>
public sealed class DiskChain
{
    /// <summary>More parents than any tool makes; a longer chain is taken for a mistake.</summary>
    public const int MaximumDepth = 256;

    private readonly List<string> _paths = [];

    /// <summary>Opens the first disk of a chain, and its parents.</summary>
    public static VirtualDisk Open(string path) => new DiskChain().OpenNext(path);

    /// <summary>Opens the parent that the last opened disk of this chain names.</summary>
    /// <param name="childPath">The disk that names the parent.</param>
    /// <param name="parentPath">The parent's absolute path.</param>
    /// <exception cref="DiskOperationException">The parent is missing or is one of its own descendants.</exception>
    public VirtualDisk OpenParent(string childPath, string parentPath)
    {
        string full = System.IO.Path.GetFullPath(parentPath);
        if (_paths.Contains(full, PathComparer) || _paths.Count >= MaximumDepth)
        {
            throw new DiskOperationException(
                ErrorCode.ParentCycle, childPath,
                $"'{childPath}' names '{full}' as its parent, which is itself a child of '{childPath}' (or the chain is longer than {MaximumDepth}).",
                "Give the disk its right parent with Set-DifferencingVhd.");
        }

        try
        {
            return OpenNext(full);
        }
        catch (DiskOperationException exception) when (exception.Code == ErrorCode.FileNotFound && Equals(exception.Target, full))
        {
            throw new DiskOperationException(
                ErrorCode.ParentNotFound, childPath,
                $"The parent of '{childPath}' is not at '{full}'.",
                "Put the parent back, or point to its new place with Set-DifferencingVhd -ParentPath.", exception);
        }
    }

    private static StringComparer PathComparer =>
        OperatingSystem.IsLinux() ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase;

    private VirtualDisk OpenNext(string path)
    {
        _paths.Add(path);
        var file = DiskFile.OpenRead(path);
        try
        {
            return DiskProbe.Open(file, this);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }
}
