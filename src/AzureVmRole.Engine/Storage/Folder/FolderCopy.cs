using Microsoft.Win32.SafeHandles;

namespace AzureVmRole.Engine.Storage.Folder;

/// <summary>A copy that this process makes. It holds a file of its own locked while it lives, by which others see that it does.</summary>
internal sealed class FolderCopy : IDisposable
{
    private readonly SafeFileHandle _sign;
    private readonly string _path;

    private FolderCopy(string id, string path, SafeFileHandle sign, FolderCopySource source)
    {
        Id = id;
        _path = path;
        _sign = sign;
        Source = source;
    }

    public string Id { get; }

    public FolderCopySource Source { get; }

    /// <summary>The copying itself; does not fail.</summary>
    public Task Work { get; set; } = Task.CompletedTask;

    public static FolderCopy Begin(FolderPaths paths, FolderCopySource source)
    {
        string id = Guid.NewGuid().ToString();
        string path = paths.CopyFile(id);
        try
        {
            return new FolderCopy(id, path, File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None), source);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw FolderErrors.Of(exception, paths.Root, path, isWriting: true);
        }
    }

    /// <summary>Whether a process still makes a copy.</summary>
    public static bool IsAlive(FolderPaths paths, string id)
    {
        try
        {
            using SafeFileHandle sign = File.OpenHandle(paths.CopyFile(id), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// <summary>Deletes the signs of copies whose processes are gone; call inside a transaction, as <see cref="Begin"/>.</summary>
    public static void RemoveDead(FolderPaths paths)
    {
        foreach (string path in Directory.EnumerateFiles(paths.Copies))
        {
            if (!IsAlive(paths, Path.GetFileName(path)))
            {
                File.Delete(path);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _sign.Dispose();
        File.Delete(_path);
    }
}
