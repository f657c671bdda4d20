namespace AzureVmRole.Engine.Cleanup;

/// <summary>Where paths lead when every link on the way is followed: a store that is reached by two paths is one store. Not safe for several threads.</summary>
internal sealed class RealPaths
{
    private const int MostLinks = 40;

    private readonly Dictionary<string, string> _folders = new(StringComparer.Ordinal);

    /// <summary>The path of a file, its folder's links followed. The file need not exist.</summary>
    public string OfFile(string path)
    {
        string full = Path.GetFullPath(path);
        return Path.GetDirectoryName(full) is { } folder ? Path.Combine(OfFolder(folder), Path.GetFileName(full)) : full;
    }

    /// <summary>The path of a folder, all links followed. What does not exist, or cannot be read, is no link.</summary>
    public string OfFolder(string path) => Follow(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)), MostLinks);

    private string Follow(string folder, int linksLeft)
    {
        if (Path.GetDirectoryName(folder) is not { } parent)
        {
            return folder;
        }

        if (!_folders.TryGetValue(folder, out string? real))
        {
            string place = Path.Combine(Follow(parent, linksLeft), Path.GetFileName(folder));
            real = linksLeft > 0 && TargetOf(place) is { } target ? Follow(Path.TrimEndingDirectorySeparator(target), linksLeft - 1) : place;
            _folders[folder] = real;
        }

        return real;
    }

    private static string? TargetOf(string folder)
    {
        try
        {
            return Directory.ResolveLinkTarget(folder, returnFinalTarget: false)?.FullName;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
