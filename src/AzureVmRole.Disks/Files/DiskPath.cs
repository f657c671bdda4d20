namespace AzureVmRole.Disks.Files;

/// <summary>Paths of disks as operations use them.</summary>
public static class DiskPath
{
    /// <summary>
    /// The file that a path leads to when it is a symbolic link, else the path itself. What lies beside a disk (journals,
    /// plans, the new file that replaces it) must lie beside the disk, not beside one of its links.
    /// </summary>
    /// <exception cref="DiskOperationException">The link leads to itself.</exception>
    public static string Resolve(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            // Opening the path tells what is wrong with it.
            return path;
        }
        catch (IOException exception)
        {
            throw FileErrors.ReadFailed(path, 0, exception);
        }
    }
}
