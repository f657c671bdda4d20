using AzureVmRole.Disks.Editing;
using AzureVmRole.Disks.Files;
using AzureVmRole.Disks.Merging;
using AzureVmRole.Disks.Raw;

namespace AzureVmRole.Disks;

/// <summary>
/// One disk of a chain being opened, and those above it: finds a disk that is its own ancestor, and brings in what an
/// interrupted change left beside a disk.
/// </summary>
public sealed class DiskChain
{
    /// <summary>More parents than any tool makes; a longer chain is taken for a mistake.</summary>
    public const int MaximumDepth = 256;

    private readonly DiskChain? _above;
    private readonly string _path;
    private readonly int _depth;

    private DiskChain(DiskChain? above, string path)
    {
        _above = above;
        _path = path;
        _depth = above is null ? 1 : above._depth + 1;
    }

    private static StringComparison PathComparison =>
        OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;

    /// <summary>Opens the first disk of a chain, and its parents.</summary>
    public static VirtualDisk Open(string path) => new DiskChain(null, path).OpenFile(Guid.Empty, DiskProbe.Open);

    /// <summary>Opens the parent that the disk of this link names.</summary>
    /// <param name="childPath">The disk that names the parent.</param>
    /// <param name="parentPath">The parent's absolute path.</param>
    /// <param name="childIdentifier">The id of the disk that names the parent; empty for formats without one.</param>
    /// <exception cref="DiskOperationException">The parent is missing or is one of its own descendants.</exception>
    public VirtualDisk OpenParent(string childPath, string parentPath, Guid childIdentifier = default) =>
        OpenParent(childPath, parentPath, childIdentifier, DiskProbe.Open);

    /// <summary>Opens a parent of which the child says that it is a raw disk, whatever its first bytes look like.</summary>
    /// <param name="childPath">The disk that names the parent.</param>
    /// <param name="parentPath">The parent's absolute path.</param>
    /// <exception cref="DiskOperationException">The parent is missing or is one of its own descendants.</exception>
    internal VirtualDisk OpenRawParent(string childPath, string parentPath) =>
        OpenParent(childPath, parentPath, Guid.Empty, static (file, _) => new RawDisk(file));

    private VirtualDisk OpenParent(
        string childPath, string parentPath, Guid childIdentifier, Func<DiskFile, DiskChain, VirtualDisk> open)
    {
        string full = System.IO.Path.GetFullPath(parentPath);
        if (Contains(full) || _depth >= MaximumDepth)
        {
            throw new DiskOperationException(
                ErrorCode.ParentCycle, childPath,
                $"'{childPath}' names '{full}' as its parent, which is itself a child of '{childPath}' (or the chain is longer than {MaximumDepth}).",
                "Give the disk its right parent with Set-DifferencingVhd.");
        }

        try
        {
            return new DiskChain(this, full).OpenFile(childIdentifier, open);
        }
        catch (DiskOperationException exception) when (exception.Code == ErrorCode.FileNotFound && Equals(exception.Target, full))
        {
            throw new DiskOperationException(
                ErrorCode.ParentNotFound, childPath,
                $"The parent of '{childPath}' is not at '{full}'.",
                "Put the parent back, or point to its new place with Set-DifferencingVhd -ParentPath.", exception);
        }
    }

    private bool Contains(string path)
    {
        for (DiskChain? link = this; link is not null; link = link._above)
        {
            if (string.Equals(link._path, path, PathComparison))
            {
                return true;
            }
        }

        return false;
    }

    private VirtualDisk OpenFile(Guid childIdentifier, Func<DiskFile, DiskChain, VirtualDisk> open)
    {
        MergeMarker.ThrowIfForeign(_path, childIdentifier);
        var file = DiskFile.OpenRead(_path);
        try
        {
            EditJournal.OverlayOnto(file);
            return open(file, this);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }
}
