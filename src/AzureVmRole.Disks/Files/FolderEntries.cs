namespace AzureVmRole.Disks.Files;

/// <summary>The names in a folder, as opposed to what the files hold.</summary>
internal static class FolderEntries
{
    /// <summary>Brings a rename or deletion to stable storage; Windows journals its file table by itself.</summary>
    public static void Flush(string path)
    {
        if (!OperatingSystem.IsWindows() && Path.GetDirectoryName(path) is { Length: > 0 } folder)
        {
            UnixFiles.FlushFolder(folder);
        }
    }
}
