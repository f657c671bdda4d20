using System.Collections.Concurrent;

namespace AzureVmRole.Disks.Files;

/// <summary>
/// A file in the making: written under a temporary name beside the target and renamed to it when it is complete and on
/// stable storage. A killed process leaves at most <c>NAME.azvmrole-partial</c>, which the next run for the same target takes over.
/// </summary>
public sealed class OutputFile : IDisposable
{
    // By name: a file whose making was cancelled while the operating system flushed it stays open, and locked, until that is done.
    private static readonly ConcurrentDictionary<string, Task> Flushing = new(StringComparer.Ordinal);

    private readonly bool _overwrite;
    private bool _isKept;
    private bool _committed;

    private OutputFile(string targetPath, bool overwrite, DiskFile file)
    {
        TargetPath = targetPath;
        _overwrite = overwrite;
        File = file;
    }

    /// <summary>The absolute path that the finished file will have.</summary>
    public string TargetPath { get; }

    /// <summary>The file under its temporary name.</summary>
    public DiskFile File { get; }

    /// <summary>Starts a file.</summary>
    /// <param name="targetPath">The absolute path that the finished file will have.</param>
    /// <param name="overwrite">Whether an existing target may be replaced.</param>
    /// <exception cref="DiskOperationException">The target exists, is a folder or in use, or its folder is missing.</exception>
    public static OutputFile Create(string targetPath, bool overwrite)
    {
        CheckTarget(targetPath, overwrite);
        return Start(targetPath, overwrite);
    }

    /// <summary>Starts the successor of a file that the caller has open, and closes before it commits.</summary>
    /// <param name="targetPath">The absolute path of the file that is replaced.</param>
    /// <exception cref="DiskOperationException">The file cannot be made.</exception>
    public static OutputFile CreateReplacement(string targetPath) => Start(targetPath, overwrite: true);

    /// <summary>
    /// Starts a file whose making can be interrupted and continued: what is there under the temporary name is taken over as
    /// it is, and stays when the file is not committed.
    /// </summary>
    /// <param name="targetPath">The absolute path that the finished file will have.</param>
    /// <param name="temporaryPath">The absolute path until then, in the same folder.</param>
    /// <param name="overwrite">Whether an existing target may be replaced.</param>
    /// <exception cref="DiskOperationException">
    /// The target exists, is a folder or in use, its folder is missing, or another process is making the file.
    /// </exception>
    public static OutputFile Continue(string targetPath, string temporaryPath, bool overwrite)
    {
        CheckTarget(targetPath, overwrite);
        if (Flushing.TryGetValue(temporaryPath, out Task? flush))
        {
            ((IAsyncResult)flush).AsyncWaitHandle.WaitOne();
        }

        var file = DiskFile.OpenOrCreate(temporaryPath, targetPath);
        return Adopt(targetPath, overwrite, file, isKept: true);
    }

    private static OutputFile Start(string targetPath, bool overwrite)
    {
        var file = DiskFile.Create(TemporaryPath(targetPath), targetPath);
        return Adopt(targetPath, overwrite, file, isKept: false);
    }

    private static OutputFile Adopt(string targetPath, bool overwrite, DiskFile file, bool isKept)
    {
        try
        {
            if (overwrite && System.IO.File.Exists(targetPath) && !OperatingSystem.IsWindows())
            {
                System.IO.File.SetUnixFileMode(file.Handle, System.IO.File.GetUnixFileMode(targetPath));
            }

            return new OutputFile(targetPath, overwrite, file) { _isKept = isKept };
        }
        catch
        {
            file.Dispose();
            if (!isKept)
            {
                System.IO.File.Delete(file.Path);
            }

            throw;
        }
    }

    /// <summary>The name that the file has while it is written.</summary>
    public static string TemporaryPath(string targetPath) => System.IO.Path.Combine(
        System.IO.Path.GetDirectoryName(targetPath) ?? "", $"{System.IO.Path.GetFileName(targetPath)}.azvmrole-partial");

    /// <summary>Checks that a file can be put at <paramref name="targetPath"/>, without touching anything.</summary>
    /// <exception cref="DiskOperationException">The target exists, is a folder or in use, or its folder is missing.</exception>
    public static void CheckTarget(string targetPath, bool overwrite)
    {
        if (Directory.Exists(targetPath))
        {
            throw FileErrors.PathIsFolder(targetPath);
        }

        if (!Directory.Exists(System.IO.Path.GetDirectoryName(targetPath)))
        {
            throw FileErrors.FolderNotFound(targetPath);
        }

        if (FileStatus.Of(targetPath) is { IsSpecial: true })
        {
            throw FileErrors.NotRegular(targetPath);
        }

        if (System.IO.File.Exists(targetPath))
        {
            if (!overwrite)
            {
                throw FileErrors.TargetExists(targetPath);
            }

            // Fails when another process has it open: replacing it would pull the disk from under that process.
            DiskFile.OpenWrite(targetPath).Dispose();
        }
    }

    /// <summary>
    /// Brings the file to stable storage and gives it its name. When cancelled while the operating system flushes, the
    /// caller gets the prompt back at once and the file is thrown away.
    /// </summary>
    /// <param name="lastWriteTimeUtc">The modification time to give the file, or null to leave it.</param>
    /// <param name="replaced">The file that is replaced, which stays locked until the new one has its name; null for none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="DiskOperationException">The file could not be flushed or renamed.</exception>
    public async Task CommitAsync(DateTime? lastWriteTimeUtc, IDisposable? replaced, CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken).ConfigureAwait(false);
        if (lastWriteTimeUtc is { } time)
        {
            System.IO.File.SetLastWriteTimeUtc(File.Handle, time);
        }

        // Windows renames no open file; Unix does, and keeping the lock until then lets nobody in between.
        if (OperatingSystem.IsWindows())
        {
            replaced?.Dispose();
            File.Dispose();
        }

        try
        {
            System.IO.File.Move(File.Path, TargetPath, _overwrite);
        }
        catch (IOException exception) when (System.IO.File.Exists(TargetPath) && !_overwrite)
        {
            throw new DiskOperationException(
                ErrorCode.TargetExists, TargetPath, $"'{TargetPath}' was made by somebody else in the meantime.",
                "Give another path, or add -Force to overwrite it.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.WriteFailed(TargetPath, 0, exception);
        }

        _committed = true;
        FolderEntries.Flush(TargetPath);
        File.Dispose();
        replaced?.Dispose();
    }

    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        var flush = Task.Run(File.Flush, CancellationToken.None);
        Flushing[File.Path] = flush;
        _ = flush.ContinueWith(
            done => Flushing.TryRemove(KeyValuePair.Create(File.Path, done)), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        await flush.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The file will be thrown away although it could be continued.</summary>
    public void Discard() => _isKept = false;

    /// <summary>Throws the file away unless it was committed or can be continued.</summary>
    public void Dispose()
    {
        if (_committed)
        {
            return;
        }

        if (_isKept)
        {
            File.Dispose();
            return;
        }

        if (OperatingSystem.IsWindows())
        {
            File.Dispose();
            System.IO.File.Delete(File.Path);
            return;
        }

        // The name goes first: nobody can take over a file that is about to vanish. Giving back its blocks takes the system
        // a while for a large file, which nobody needs to wait for.
        System.IO.File.Delete(File.Path);
        ThreadPool.UnsafeQueueUserWorkItem(static file => file.Dispose(), File, preferLocal: false);
    }
}
