using Microsoft.Win32.SafeHandles;

namespace AzureVmRole.Disks.Files;

/// <summary>
/// A file that holds a virtual disk or a part of one. Reads and writes are positional, so any number of threads may
/// use one instance. Bytes can be overlaid in memory (a log or journal that is not yet applied).
/// </summary>
public sealed class DiskFile : IDisposable
{
    private readonly FileOverlay _overlay = new();
    private readonly HoleMap _holes;
    private long _length;
    private bool _isLengthOverlaid;
    private DateTime? _overlaidTime;

    private DiskFile(string path, string shownPath, SafeFileHandle handle)
    {
        Path = path;
        ShownPath = shownPath;
        Handle = handle;
        _holes = new HoleMap(handle);
        _length = RandomAccess.GetLength(handle);
    }

    /// <summary>The absolute path.</summary>
    public string Path { get; }

    /// <summary>The path that errors name: the user's, where the file still has a temporary one.</summary>
    public string ShownPath { get; }

    /// <summary>The length in bytes, an overlay included.</summary>
    public long Length => Volatile.Read(ref _length);

    /// <summary>When the file was last changed, an overlay included.</summary>
    public DateTime LastWriteTimeUtc => _overlaidTime ?? File.GetLastWriteTimeUtc(Handle);

    /// <summary>What the operating system knows the file by.</summary>
    public SafeFileHandle Handle { get; }

    /// <summary>Opens a file for reading; other readers are let in, writers that lock are not.</summary>
    /// <exception cref="DiskOperationException">The file is missing, a folder, locked or may not be read.</exception>
    public static DiskFile OpenRead(string path) => Open(path, path, FileMode.Open, FileAccess.Read, FileShare.Read);

    /// <summary>Opens a file for reading and writing; nobody else is let in.</summary>
    /// <exception cref="DiskOperationException">The file is missing, a folder, locked or may not be written.</exception>
    public static DiskFile OpenWrite(string path) => Open(path, path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);

    /// <summary>Makes an empty file (cutting an existing one) for reading and writing; nobody else is let in.</summary>
    /// <param name="path">The absolute path.</param>
    /// <param name="shownPath">The path that errors name; null for the path itself.</param>
    /// <exception cref="DiskOperationException">The file cannot be made.</exception>
    public static DiskFile Create(string path, string? shownPath = null)
    {
        DiskFile file = OpenOrCreate(path, shownPath);
        file.SetLength(0);
        return file;
    }

    /// <summary>Opens a file for reading and writing, or makes it; nobody else is let in.</summary>
    /// <param name="path">The absolute path.</param>
    /// <param name="shownPath">The path that errors name; null for the path itself.</param>
    /// <exception cref="DiskOperationException">The file cannot be opened or made.</exception>
    public static DiskFile OpenOrCreate(string path, string? shownPath = null)
    {
        if (new FileInfo(path).LinkTarget is not null)
        {
            throw FileErrors.TargetExists(path);
        }

        DiskFile file = Open(path, shownPath ?? path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        SparseFiles.MarkSparse(file.Handle);
        return file;
    }

    /// <summary>Fills <paramref name="buffer"/> from <paramref name="fileOffset"/>.</summary>
    /// <exception cref="DiskFormatException">The file ends before that.</exception>
    /// <exception cref="DiskOperationException">The operating system could not read.</exception>
    public void ReadExactly(long fileOffset, Span<byte> buffer)
    {
        if (fileOffset < 0 || fileOffset > Length - buffer.Length)
        {
            throw Truncated(fileOffset, buffer.Length, Length);
        }

        try
        {
            int done = 0;
            while (done < buffer.Length)
            {
                int read = RandomAccess.Read(Handle, buffer[done..], fileOffset + done);
                if (read == 0)
                {
                    // Only an overlay makes a file longer than it is.
                    if (!_isLengthOverlaid)
                    {
                        throw Truncated(fileOffset, buffer.Length, RandomAccess.GetLength(Handle));
                    }

                    buffer[done..].Clear();
                    break;
                }

                done += read;
            }
        }
        catch (IOException exception)
        {
            throw FileErrors.ReadFailed(ShownPath, fileOffset, exception);
        }

        _overlay.Apply(fileOffset, buffer);
    }

    /// <summary>Writes <paramref name="data"/> at <paramref name="fileOffset"/>; the file grows when it must.</summary>
    /// <exception cref="DiskOperationException">The operating system could not write.</exception>
    public void Write(long fileOffset, ReadOnlySpan<byte> data)
    {
        try
        {
            FileWrites.Write(Handle, data, fileOffset);
        }
        catch (IOException exception)
        {
            throw FileErrors.WriteFailed(ShownPath, fileOffset, exception);
        }

        _holes.Forget();
        ExtendLengthTo(fileOffset + data.Length);
    }

    /// <summary>Cuts the file, or lengthens it with a hole.</summary>
    /// <exception cref="DiskOperationException">The operating system could not do it.</exception>
    public void SetLength(long length)
    {
        try
        {
            RandomAccess.SetLength(Handle, length);
            _holes.Forget();
            Volatile.Write(ref _length, length);
        }
        catch (Exception exception) when (exception is IOException or ArgumentOutOfRangeException)
        {
            throw FileErrors.WriteFailed(ShownPath, length, exception);
        }
    }

    /// <summary>Brings everything written to stable storage.</summary>
    /// <exception cref="DiskOperationException">The operating system could not do it.</exception>
    public void Flush()
    {
        try
        {
            RandomAccess.FlushToDisk(Handle);
        }
        catch (IOException exception)
        {
            throw FileErrors.WriteFailed(ShownPath, 0, exception);
        }
    }

    /// <summary>From now on reads see <paramref name="data"/> at <paramref name="fileOffset"/>; the file stays as it is.</summary>
    public void Overlay(long fileOffset, ReadOnlyMemory<byte> data)
    {
        _overlay.Add(fileOffset, data);
        _isLengthOverlaid |= fileOffset + data.Length > Length;
        ExtendLengthTo(fileOffset + data.Length);
    }

    /// <summary>From now on reads see a file of this length; the file stays as it is.</summary>
    public void OverlayLength(long length)
    {
        _isLengthOverlaid |= length > Length;
        Volatile.Write(ref _length, length);
    }

    /// <summary>From now on the file says that it was last changed at this time; the file stays as it is.</summary>
    public void OverlayLastWriteTime(DateTime timeUtc) => _overlaidTime = timeUtc;

    /// <summary>Whether reads in the range see overlaid bytes, so that the file itself must not be copied.</summary>
    public bool IsOverlaid(long fileOffset, long length) => _overlay.Intersects(fileOffset, length);

    /// <summary>
    /// The parts of a range that hold data, in order; what lies between them reads as zeros (holes of a sparse file).
    /// </summary>
    public IEnumerable<FileRange> EnumerateData(long fileOffset, long length)
    {
        IEnumerable<FileRange> data = _holes.EnumerateData(fileOffset, length);
        return _overlay.IsEmpty ? data : _overlay.Union(data, fileOffset, length);
    }

    /// <summary>What the file occupies on its volume, in bytes; its length where the volume does not tell.</summary>
    public long GetAllocatedLength() => SparseFiles.GetAllocatedLength(Handle, Path) ?? Length;

    /// <inheritdoc/>
    public void Dispose() => Handle.Dispose();

    private DiskFormatException Truncated(long fileOffset, int length, long fileLength) => new(
        ErrorCode.FileTruncated, Path, "file length", fileOffset,
        $"'{Path}' ends at byte {fileLength}, but {length} bytes at offset 0x{fileOffset:X} are needed.",
        "Get a complete copy of the file.");

    private static DiskFile Open(string path, string shownPath, FileMode mode, FileAccess access, FileShare share)
    {
        // Opening a pipe would wait for its other end.
        if (FileStatus.Of(path) is { IsSpecial: true })
        {
            throw FileErrors.NotRegular(shownPath);
        }

        try
        {
            SafeFileHandle handle = File.OpenHandle(path, mode, access, share);
            if (access != FileAccess.Read && FileStatus.Of(handle) is { } opened
                && (FileStatus.Of(path) is not { } named || named.Inode != opened.Inode || named.Device != opened.Device))
            {
                // Between opening and locking, the name went to another file: writes to this one would be lost with it.
                handle.Dispose();
                throw FileErrors.Replaced(shownPath);
            }

            return new DiskFile(path, shownPath, handle);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.OpenFailed(shownPath, access, exception);
        }
    }

    private void ExtendLengthTo(long end)
    {
        long length = Length;
        while (end > length)
        {
            long seen = Interlocked.CompareExchange(ref _length, end, length);
            if (seen == length)
            {
                return;
            }

            length = seen;
        }
    }
}
