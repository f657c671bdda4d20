using System.Collections.ObjectModel;

namespace System.Management.Automation;

/// <summary>Turns what users type as a path into what the operating system takes.</summary>
public sealed partial class PathIntrinsics
{
    private readonly DriveTable _drives;
    private string _location;

    internal PathIntrinsics(DriveTable drives, string location)
    {
        _drives = drives;
        _location = location;
    }

    /// <summary>Where relative paths start.</summary>
    public PathInfo CurrentLocation => CurrentFileSystemLocation;

    /// <summary>Where relative paths start.</summary>
    public PathInfo CurrentFileSystemLocation => new(drive: null, _drives.FileSystem, _location);

    /// <summary>Returns where relative paths of a provider start.</summary>
    /// <exception cref="ProviderNotFoundException">The provider is not known.</exception>
    public PathInfo CurrentProviderLocation(string providerName)
    {
        ProviderInfo provider = _drives.FindProvider(providerName);
        return new PathInfo(drive: null, provider, ReferenceEquals(provider, _drives.FileSystem) ? _location : "");
    }

    /// <summary>Makes a folder the current location.</summary>
    /// <exception cref="ItemNotFoundException">There is no such folder.</exception>
    public PathInfo SetLocation(string path)
    {
        Collection<string> found = GetResolvedProviderPathFromPSPath(path, out _);
        if (found.Count != 1 || !Directory.Exists(found[0]))
        {
            throw NotFound(path);
        }

        _location = found[0];
        return CurrentLocation;
    }

    /// <summary>Returns the absolute path that <paramref name="path"/> means; wildcards are taken literally.</summary>
    public string GetUnresolvedProviderPathFromPSPath(string path) =>
        GetUnresolvedProviderPathFromPSPath(path, out _, out _);

    /// <summary>Returns the absolute path, its provider and its drive; wildcards are taken literally.</summary>
    /// <exception cref="DriveNotFoundException">The path names a drive that does not exist.</exception>
    /// <exception cref="ProviderNotFoundException">The path names a provider that does not exist.</exception>
    public string GetUnresolvedProviderPathFromPSPath(string path, out ProviderInfo provider, out PSDriveInfo? drive)
    {
        (provider, drive, string start, string rest) = Split(path);
        return ReferenceEquals(provider, _drives.FileSystem) ? Combine(start, rest) : rest;
    }

    /// <summary>Returns the existing files and folders that <paramref name="path"/> names, wildcards followed.</summary>
    /// <exception cref="ItemNotFoundException">A path without wildcards names nothing.</exception>
    /// <exception cref="DriveNotFoundException">The path names a drive that does not exist.</exception>
    /// <exception cref="ProviderNotFoundException">The path names a provider that does not exist.</exception>
    public Collection<string> GetResolvedProviderPathFromPSPath(string path, out ProviderInfo provider)
    {
        (provider, _, string start, string rest) = Split(path);
        if (!ReferenceEquals(provider, _drives.FileSystem))
        {
            return [rest];
        }

        if (WildcardPattern.ContainsWildcardCharacters(rest))
        {
            return Expand(start, rest);
        }

        string literal = Combine(start, WildcardPattern.Unescape(rest));
        return Path.Exists(literal) ? [literal] : throw NotFound(literal);
    }

    /// <summary>Returns the existing files and folders that <paramref name="path"/> names.</summary>
    public Collection<PathInfo> GetResolvedPSPathFromPSPath(string path)
    {
        Collection<PathInfo> result = [];
        foreach (string found in GetResolvedProviderPathFromPSPath(path, out ProviderInfo provider))
        {
            result.Add(new PathInfo(drive: null, provider, found));
        }

        return result;
    }

    /// <summary>Whether the path starts with the name of a provider.</summary>
    public bool IsProviderQualified(string path) => path.Contains("::", StringComparison.Ordinal);

    /// <summary>Returns the last part of a path.</summary>
    public string ParseChildName(string path) => Path.GetFileName(Path.TrimEndingDirectorySeparator(ToNative(path)));

    private static ItemNotFoundException NotFound(string path) =>
        new(path, "PathNotFound", $"Cannot find path '{path}' because it does not exist.");

    private static string ToNative(string path) =>
        OperatingSystem.IsWindows() ? path.Replace('/', '\\') : path.Replace('\\', '/');

    private static string Combine(string start, string rest) => Path.GetFullPath(ToNative(rest), start);

    private PathParts Split(string path)
    {
        int provider = path.IndexOf("::", StringComparison.Ordinal);
        if (provider > 0)
        {
            return new PathParts(_drives.FindProvider(path[..provider]), Drive: null, _location, path[(provider + 2)..]);
        }

        int colon = path.IndexOf(':', StringComparison.Ordinal);
        if (colon > 0 && path.AsSpan(0, colon).IndexOfAny('/', '\\', '`') < 0)
        {
            string name = path[..colon];
            PSDriveInfo drive = _drives.Find(name) ?? throw new DriveNotFoundException(
                name, "DriveNotFound", $"Cannot find drive. A drive with the name '{name}' does not exist.");
            return new PathParts(drive.Provider, drive, drive.Root, path[(colon + 1)..].TrimStart('/', '\\'));
        }

        bool isHome = path.StartsWith('~') && (path.Length == 1 || path[1] is '/' or '\\');
        return isHome
            ? new PathParts(_drives.FileSystem, _drives.Current, _drives.FileSystem.Home, path[1..].TrimStart('/', '\\'))
            : new PathParts(_drives.FileSystem, _drives.Current, _location, path);
    }
}
