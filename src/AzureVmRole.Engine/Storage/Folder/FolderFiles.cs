using AzureVmRole.Disks.Files;
using Microsoft.Win32.SafeHandles;

namespace AzureVmRole.Engine.Storage.Folder;

/// <summary>
/// The data files of a store: a bounded number of them open, and how they come and go. A new file is made under its number and
/// gets its name only after the row that names it is committed; whoever finds the row first finishes that. Names are given and
/// taken inside write transactions only, so a name's file always belongs to the row that was committed last, or is about to.
/// </summary>
internal sealed class FolderFiles(FolderPaths paths, FolderDatabase database) : IDisposable
{
    private const int MostOpenFiles = 48;

    private readonly Lock _lock = new();
    private readonly Dictionary<(BlobName, string?), LinkedListNode<FolderFile>> _open = [];
    private readonly LinkedList<FolderFile> _lastUsed = new();

    /// <summary>The file that is open for a blob, whatever has become of the blob; null when there is none.</summary>
    public FolderFile? TryGetOpen(BlobName name, string? snapshot)
    {
        lock (_lock)
        {
            if (!_open.TryGetValue((name, snapshot), out LinkedListNode<FolderFile>? node) || !node.Value.TryUse())
            {
                return null;
            }

            _lastUsed.Remove(node);
            _lastUsed.AddFirst(node);
            return node.Value;
        }
    }

    /// <summary>Opens the file of a row; null when the row was replaced in the meantime.</summary>
    public FolderFile? TryOpen(FolderRow row)
    {
        FolderFile? open = TryGetOpen(row.Name, row.Snapshot);
        if (open?.Generation == row.Generation && open.Row.Length == row.Length)
        {
            return open;
        }

        open?.Dispose();
        Place(row);
        FolderFile? file = null;
        TransferException? failure = null;
        try
        {
            file = OpenFile(row);
        }
        catch (TransferException exception)
        {
            failure = exception;
        }

        // Names move in transactions after the row: the file was this row's if the row is still there.
        if (database.Read(table => table.Find(row.Name, row.Snapshot))?.Generation != row.Generation)
        {
            file?.Dispose();
            return null;
        }

        if (file is null)
        {
            throw failure ?? FolderErrors.FileMissing(row, paths.DataFile(row), null);
        }

        Remember(file);
        return file;
    }

    /// <summary>Closes a file that the blob has no more.</summary>
    public void Forget(FolderFile file)
    {
        lock (_lock)
        {
            if (_open.TryGetValue((file.Row.Name, file.Row.Snapshot), out LinkedListNode<FolderFile>? node) && node.Value == file)
            {
                Close(node);
            }
        }
    }

    /// <summary>Closes what is open of a blob and its snapshots.</summary>
    public void Forget(BlobName name)
    {
        lock (_lock)
        {
            foreach (LinkedListNode<FolderFile> node in _open.Where(entry => entry.Key.Item1 == name).Select(entry => entry.Value).ToList())
            {
                Close(node);
            }
        }
    }

    /// <summary>Makes the file of a new row, still without its name; call inside the transaction that saves the row.</summary>
    public void Create(FolderRow row)
    {
        string path = paths.NewFile(row.Generation);
        try
        {
            using SafeFileHandle handle = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
            SparseFiles.MarkSparse(handle);
            RandomAccess.SetLength(handle, row.Length);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw FolderErrors.Of(exception, row.Name.ToString(), path, isWriting: true);
        }
    }

    /// <summary>Gives the new file of a committed row its name, if nobody has done it yet.</summary>
    public void Place(FolderRow row)
    {
        string source = paths.NewFile(row.Generation);
        if (!File.Exists(source))
        {
            return;
        }

        database.Change(table =>
        {
            if (table.Find(row.Name, row.Snapshot)?.Generation == row.Generation && File.Exists(source))
            {
                string target = paths.DataFile(row);
                try
                {
                    Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                    File.Move(source, target, overwrite: true);
                }
                catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
                {
                    throw FolderErrors.Of(exception, row.Name.ToString(), target, isWriting: true);
                }
            }

            return true;
        });
    }

    /// <summary>Makes room for a blob that is new; call inside the transaction that saves its row.</summary>
    public void Prepare(FolderTable table, BlobName name)
    {
        RemoveLeftovers(table);
        string path = paths.BlobFile(name);
        try
        {
            if (Directory.Exists(path))
            {
                // Only an empty one: whatever is in there is not ours.
                Directory.Delete(path);
            }
            else if (Path.Exists(path))
            {
                throw FolderErrors.ForeignFile(name, path);
            }

            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw FolderErrors.Of(exception, name.ToString(), path, isWriting: true);
        }
    }

    /// <summary>Deletes the files that belong to nothing any more; call inside a transaction.</summary>
    public void RemoveLeftovers(FolderTable table)
    {
        foreach ((string relativePath, BlobName? name) in table.ListLeftovers())
        {
            if (name is not { } blob || table.Find(blob, null) is null)
            {
                string path = Path.Combine(paths.Root, relativePath);
                try
                {
                    File.Delete(path);
                }
                catch (DirectoryNotFoundException)
                {
                    // Gone with its folder.
                }
                catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
                {
                    // Somebody has it open; it stays noted until it can go.
                    continue;
                }

                RemoveEmptyFolders(path);
            }

            table.RemoveLeftover(relativePath);
        }
    }

    /// <summary>Deletes new files whose makers were killed before their row was committed; call inside a transaction.</summary>
    public void RemoveUnowned(FolderTable table)
    {
        foreach (string path in Directory.EnumerateFiles(paths.NewFiles))
        {
            if (long.TryParse(Path.GetFileName(path), System.Globalization.NumberStyles.AllowHexSpecifier, null, out long generation)
                && table.HasGeneration(generation))
            {
                continue;
            }

            try
            {
                // Whoever still fills it, for a snapshot, has it locked.
                using (File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
                {
                    File.Delete(path);
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                continue;
            }
        }
    }

    /// <summary>Notes that a row's file is to go, once the row's deletion is committed.</summary>
    public void NoteLeftover(FolderTable table, FolderRow row)
    {
        table.AddLeftover(Path.GetRelativePath(paths.Root, paths.DataFile(row)), row.Snapshot is null ? row.Name : null);
        string unplaced = paths.NewFile(row.Generation);
        if (File.Exists(unplaced))
        {
            table.AddLeftover(Path.GetRelativePath(paths.Root, unplaced), null);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            foreach (FolderFile file in _lastUsed)
            {
                file.Dispose();
            }

            _lastUsed.Clear();
            _open.Clear();
        }
    }

    private void RemoveEmptyFolders(string path)
    {
        string? folder = Path.GetDirectoryName(path);
        while (folder is not null && Path.GetDirectoryName(folder) is { } parent && parent.Length > paths.Root.Length
            && !Path.GetRelativePath(paths.Root, folder).StartsWith('.'))
        {
            try
            {
                Directory.Delete(folder);
            }
            catch (IOException)
            {
                return;
            }

            folder = parent;
        }
    }

    private FolderFile OpenFile(FolderRow row)
    {
        string path = paths.DataFile(row);
        try
        {
            SafeFileHandle handle = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            long length = RandomAccess.GetLength(handle);
            if (length < row.Length)
            {
                handle.Dispose();
                throw FolderErrors.FileTooShort(row, path, length);
            }

            return new FolderFile(row, path, handle, FolderGate.Open(paths, row.Generation));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw FolderErrors.FileMissing(row, path, exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw FolderErrors.Of(exception, row.Name.ToString(), path, isWriting: true);
        }
    }

    private void Remember(FolderFile file)
    {
        (BlobName, string?) key = (file.Row.Name, file.Row.Snapshot);
        lock (_lock)
        {
            if (_open.TryGetValue(key, out LinkedListNode<FolderFile>? old))
            {
                Close(old);
            }

            if (_open.Count >= MostOpenFiles && _lastUsed.Last is { } oldest)
            {
                Close(oldest);
            }

            _ = file.TryUse();
            _open[key] = _lastUsed.AddFirst(file);
        }
    }

    private void Close(LinkedListNode<FolderFile> node)
    {
        _open.Remove((node.Value.Row.Name, node.Value.Row.Snapshot));
        _lastUsed.Remove(node);
        node.Value.Dispose();
    }
}
