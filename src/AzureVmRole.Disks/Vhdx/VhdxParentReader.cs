namespace AzureVmRole.Disks.Vhdx;

/// <summary>Finds and opens the parent of a differencing disk, and checks that it is the right one.</summary>
internal static class VhdxParentReader
{
    // Windows refuses to even look at paths above 32,767 characters.
    private const int LongestPath = 32_000;

    private const string Remedy = "Put the parent back, or point to its new place with Set-DifferencingVhd -ParentPath.";

    /// <summary>Opens the parent; the first path that names a file decides ([MS-VHDX] section 2.6.2.6.3).</summary>
    /// <exception cref="DiskOperationException">No parent was found, or not the one that the child was made from.</exception>
    public static VhdxDisk Open(string childPath, VhdxMetadata child, VhdxParentLocator locator, DiskChain chain)
    {
        List<string> candidates = ListCandidates(childPath, locator);
        string? found = candidates.Find(File.Exists);
        if (found is null)
        {
            string names = string.Join(
                ", ", new[] { locator.RelativePath, locator.VolumePath, locator.AbsolutePath }.OfType<string>());
            throw new DiskOperationException(
                ErrorCode.ParentNotFound, childPath,
                $"The parent of '{childPath}' was not found. Its locator names: {names}. Tried: "
                + $"{string.Join(", ", candidates.Select(path => $"'{path}'"))}.", Remedy);
        }

        VirtualDisk parent = chain.OpenParent(childPath, found);
        try
        {
            return Check(childPath, child, locator, parent);
        }
        catch
        {
            parent.Dispose();
            throw;
        }
    }

    /// <summary>The absolute paths to try, in order, each once.</summary>
    public static List<string> ListCandidates(string childPath, VhdxParentLocator locator)
    {
        string folder = Path.GetDirectoryName(childPath) ?? childPath;
        var candidates = new List<string>();
        if (locator.RelativePath is { } relative)
        {
            Add(ToLocal(relative));
        }

        foreach (string absolute in new[] { locator.VolumePath, locator.AbsolutePath }.OfType<string>())
        {
            if (OperatingSystem.IsWindows() || absolute.StartsWith('/'))
            {
                Add(absolute);
            }
        }

        // Disks that were moved together: the parent's name beside the child.
        foreach (string named in new[] { locator.RelativePath, locator.AbsolutePath, locator.VolumePath }.OfType<string>())
        {
            Add(named[(named.LastIndexOfAny(['\\', '/']) + 1)..]);
        }

        return candidates.Distinct(StringComparer.Ordinal).ToList();

        void Add(string path)
        {
            string combined = Path.Combine(folder, path);
            if (path.Length > 0 && combined.Length <= LongestPath)
            {
                candidates.Add(Path.GetFullPath(combined));
            }
        }
    }

    private static string ToLocal(string path) => OperatingSystem.IsWindows() ? path : path.Replace('\\', '/');

    private static VhdxDisk Check(string childPath, VhdxMetadata child, VhdxParentLocator locator, VirtualDisk parent)
    {
        if (parent is not VhdxDisk disk)
        {
            throw new DiskOperationException(
                ErrorCode.ParentIdentityMismatch, childPath,
                $"The parent of '{childPath}', '{parent.Path}', is a disk of format {parent.Format}, expected Vhdx.", Remedy);
        }

        if (!locator.Linkages.Contains(disk.DataWriteGuid))
        {
            throw new DiskOperationException(
                ErrorCode.ParentModified, childPath,
                $"The parent '{disk.Path}' has the data write GUID {{{disk.DataWriteGuid}}}, '{childPath}' expects "
                + $"{{{locator.Linkages[0]}}}: the parent was changed after the child was made, or is another disk.",
                "Put back the parent as it was when the child was made.");
        }

        return disk.LogicalSectorSize == child.LogicalSectorSize
            ? disk
            : throw new DiskOperationException(
                ErrorCode.ParentIdentityMismatch, childPath,
                $"The parent '{disk.Path}' has logical sectors of {disk.LogicalSectorSize} bytes, expected "
                + $"{child.LogicalSectorSize} as '{childPath}' has.", Remedy);
    }
}
