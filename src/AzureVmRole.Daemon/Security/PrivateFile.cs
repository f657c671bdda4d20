using Microsoft.Win32.SafeHandles;

namespace AzureVmRole.Daemon.Security;

/// <summary>Files that only their owner may read: written under another name with mode 0600 and renamed, and refused when others could read them.</summary>
internal static class PrivateFile
{
    private const string Unfinished = ".partial";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode FolderMode = OwnerOnly | UnixFileMode.UserExecute;
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Makes a folder that only its owner can enter, or makes the caller's own folder one.</summary>
    /// <exception cref="FabricException">The folder is somebody else's.</exception>
    public static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return;
        }

        Directory.CreateDirectory(path, FolderMode);
        if (!UnixOwner.IsOwn(path))
        {
            throw new FabricException(ErrorCode.AccessDenied, path, $"The folder '{path}' belongs to another user.", "Choose a home folder of your own.");
        }

        File.SetUnixFileMode(path, FolderMode);
    }

    /// <summary>Writes a file that is there as a whole or not at all.</summary>
    /// <param name="path">The absolute path.</param>
    /// <param name="content">All of it.</param>
    /// <param name="overwrite">Whether it takes the place of another.</param>
    /// <exception cref="IOException">It exists, and <paramref name="overwrite"/> is false; or it cannot be written.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content, bool overwrite)
    {
        string temporary = $"{path}.{Guid.NewGuid():N}{Unfinished}";
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = OwnerOnly;
            }

            using (var stream = new FileStream(temporary, options))
            {
                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Deletes what a writer that was killed has left in a folder: it can hold a secret.</summary>
    public static void RemoveUnfinished(string folder)
    {
        foreach (string path in Directory.EnumerateFiles(folder, "*" + Unfinished))
        {
            File.Delete(path);
        }
    }

    /// <summary>Reads a file that holds a secret.</summary>
    /// <param name="path">The absolute path.</param>
    /// <param name="longest">The most bytes that it may have.</param>
    /// <returns>Null when there is none.</returns>
    /// <exception cref="FabricException">Others can read it, it is somebody else's, a link, or too long.</exception>
    public static byte[]? Read(string path, int longest)
    {
        var file = new FileInfo(path);
        if (!file.Exists && file.LinkTarget is null)
        {
            return null;
        }

        if (file.LinkTarget is not null)
        {
            throw new FabricException(ErrorCode.AccessDenied, path, $"'{path}' is a link, expected a file.", "Remove it; the daemon makes a new one when it starts.");
        }

        using SafeFileHandle handle = File.OpenHandle(path);
        Check(path, handle);
        long length = RandomAccess.GetLength(handle);
        if (length > longest)
        {
            throw new FabricException(ErrorCode.AccessDenied, path, $"'{path}' has {length} bytes, expected at most {longest}.", "Remove it; the daemon makes a new one when it starts.");
        }

        byte[] content = new byte[length];
        int count = RandomAccess.Read(handle, content, 0);
        return content[..count];
    }

    private static void Check(string path, SafeFileHandle handle)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        if (!UnixOwner.IsOwn(handle))
        {
            throw new FabricException(
                ErrorCode.AccessDenied, path, $"'{path}' belongs to another user, who knows what is in it.", "Remove it; the daemon makes a new one when it starts.");
        }

        UnixFileMode mode = File.GetUnixFileMode(handle);
        if ((mode & Others) != UnixFileMode.None)
        {
            throw new FabricException(
                ErrorCode.AccessDenied, path, $"'{path}' has the mode {Convert.ToString((int)mode, 8)}, expected 600: others may have read what is in it.",
                "Remove it; the daemon makes a new one when it starts.");
        }
    }
}
