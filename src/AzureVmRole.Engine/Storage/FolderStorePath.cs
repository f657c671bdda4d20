namespace AzureVmRole.Engine.Storage;

/// <summary>Where the folder store is that a path lies in.</summary>
internal static class FolderStorePath
{
    /// <summary>Whether a store's database is in the folder, as far as this account may see.</summary>
    public static bool HoldsStore(string folder) => File.Exists(Path.Combine(folder, ".azvmrole", "store.db"));

    /// <summary>The nearest folder at or above the path that holds a store's database; null when there is none.</summary>
    public static string? FindRoot(string path)
    {
        for (string? folder = path; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (HoldsStore(folder))
            {
                return folder;
            }
        }

        return null;
    }

    /// <summary>Where no store is yet: the container is the file's own folder, the store the folder around that.</summary>
    public static string? GuessRoot(string path) => Path.GetDirectoryName(path) is { } container ? Path.GetDirectoryName(container) : null;
}
