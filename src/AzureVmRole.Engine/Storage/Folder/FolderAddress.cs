namespace AzureVmRole.Engine.Storage.Folder;

/// <summary>A <c>file:</c> address that is still being typed.</summary>
/// <param name="LocalPath">The path so far; what stands behind its last separator may be the start of a name.</param>
/// <param name="StorePath">The folder of the store that the path leads into; null while it leads to none.</param>
internal sealed record FolderAddress(string LocalPath, string? StorePath)
{
    /// <summary>What is typed of the container and the blob, with slashes.</summary>
    public string PathInStore
    {
        get
        {
            string relative = LocalPath[Math.Min(LocalPath.Length, (StorePath?.Length ?? 0) + 1)..];
            return FolderNames.Decode(relative)?.ToString() ?? relative.Replace(Path.DirectorySeparatorChar, '/');
        }
    }

    /// <summary>Takes an address apart; null when it is none of a file on this machine.</summary>
    public static FolderAddress? TryParse(string typed)
    {
        if (!Uri.TryCreate(typed, UriKind.Absolute, out Uri? uri) || !uri.IsFile || uri.IsUnc || uri.Query.Length > 0)
        {
            return null;
        }

        string path = uri.LocalPath;
        string? folder = Path.EndsInDirectorySeparator(path) ? Path.TrimEndingDirectorySeparator(path) : Path.GetDirectoryName(path);
        return new FolderAddress(path, folder is null ? null : FolderStorePath.FindRoot(folder));
    }

    /// <summary>The folders that the path may lead to, as addresses; hidden ones are not offered.</summary>
    public IEnumerable<string> ListFolders()
    {
        string parent = Path.EndsInDirectorySeparator(LocalPath) ? LocalPath : Path.GetDirectoryName(LocalPath) ?? LocalPath;
        var options = new EnumerationOptions { AttributesToSkip = FileAttributes.Hidden | FileAttributes.System, IgnoreInaccessible = true };
        return Directory.Exists(parent)
            ? Directory.EnumerateDirectories(parent, "*", options)
                .Where(folder => Path.GetFileName(folder).StartsWith(Path.GetFileName(LocalPath), StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(static folder => FolderPaths.ToUri(folder).AbsoluteUri + "/")
            : [];
    }
}
