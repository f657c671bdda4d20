using System.Globalization;

namespace AzureVmRole.Engine.Storage.Folder;

/// <summary>Where a folder store keeps what. Beside the containers there is one folder of its own, which no container can be named like.</summary>
internal sealed class FolderPaths
{
    private const string OwnFolder = ".azvmrole";
    private const string DatabaseName = "store.db";
    private const string FileScheme = "file://";

    public FolderPaths(string rootPath)
    {
        Root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(rootPath));
        string own = Path.Combine(Root, OwnFolder);
        Database = Path.Combine(own, DatabaseName);
        NewFiles = Path.Combine(own, "new");
        Snapshots = Path.Combine(own, "snapshots");
        Copies = Path.Combine(own, "copies");
        Gates = Path.Combine(own, "gates");
        Reserve = Path.Combine(own, "reserve");
    }

    /// <summary>The store's folder.</summary>
    public string Root { get; }

    public string Database { get; }

    /// <summary>Files that have no final name yet, named by generation.</summary>
    public string NewFiles { get; }

    /// <summary>The files of snapshots, named by generation.</summary>
    public string Snapshots { get; }

    /// <summary>Files that running copies hold locked, named by copy.</summary>
    public string Copies { get; }

    /// <summary>Files whose locks show which blobs are being written.</summary>
    public string Gates { get; }

    /// <summary>A file that keeps room for deletions on a full volume.</summary>
    public string Reserve { get; }

    /// <summary>The store around a path; null when there is none.</summary>
    public static FolderPaths? Around(string path) => FolderStorePath.FindRoot(path) is { } root ? new FolderPaths(root) : null;

    public void CreateFolders()
    {
        foreach (string folder in new[] { NewFiles, Snapshots, Copies, Gates })
        {
            Directory.CreateDirectory(folder);
        }
    }

    /// <summary>The file of a blob or a snapshot.</summary>
    public string DataFile(FolderRow row) =>
        row.Snapshot is null ? BlobFile(row.Name) : Path.Combine(Snapshots, Text(row.Generation));

    public string BlobFile(BlobName name) => Path.Combine(Root, FolderNames.Encode(name));

    /// <summary>The file of a generation before it has its final name.</summary>
    public string NewFile(long generation) => Path.Combine(NewFiles, Text(generation));

    public string CopyFile(string copyId) => Path.Combine(Copies, copyId);

    /// <summary>A path as a URI; what a file's name has as an escape stays one.</summary>
    public static Uri ToUri(string path)
    {
        string[] segments = path.Split(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar);
        string escaped = string.Join('/', segments.Select(
            (segment, index) => index == 0 && OperatingSystem.IsWindows() ? segment : Uri.EscapeDataString(segment)));
        return new Uri(FileScheme + (escaped.StartsWith('/') ? "" : "/") + escaped);
    }

    /// <summary>The blob that a path inside the store names; null when it is none.</summary>
    public BlobName? NameOf(string path)
    {
        string full = Path.GetFullPath(path);
        return full.StartsWith(Root + Path.DirectorySeparatorChar, StringComparison.Ordinal) ? FolderNames.Decode(full[(Root.Length + 1)..]) : null;
    }

    private static string Text(long generation) => generation.ToString("x16", CultureInfo.InvariantCulture);
}
