using System.Globalization;
using AzureVmRole.Disks.Files;
using Microsoft.Win32.SafeHandles;

namespace AzureVmRole.Engine.Storage.Folder;

/// <summary>
/// Shows to every process that a blob is being written: from before a writer's lease and conditions are checked until its bytes
/// are in the file. Whoever takes over a blob waits for the writers that were let in before, so a writer that was held up cannot
/// write into what has another holder. Locks end with their process; a few files serve all blobs.
/// </summary>
internal sealed class FolderGate : IDisposable
{
    private const int NumberOfFiles = 64;
    private const int MillisecondsBetweenTries = 2;
    private const int LongestSpin = 1_000;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly SafeFileHandle _handle;
    private int _writers;

    private FolderGate(SafeFileHandle handle) => _handle = handle;

    public static FolderGate Open(FolderPaths paths, long generation) => new(OpenHandle(paths, generation));

    /// <summary>Waits until the writers that are in now are out.</summary>
    public static async Task WaitForWritersAsync(FolderPaths paths, FolderRow row, CancellationToken cancellationToken)
    {
        using SafeFileHandle handle = OpenHandle(paths, row.Generation);
        await TakeAsync(() => FileLock.TryTake(handle, isExclusive: true), row.Name, cancellationToken).ConfigureAwait(false);
        FileLock.Release(handle);
    }

    public async ValueTask EnterAsync(BlobName name, CancellationToken cancellationToken)
    {
        if (!TryEnter())
        {
            await TakeAsync(TryEnter, name, cancellationToken).ConfigureAwait(false);
        }
    }

    public void Leave()
    {
        lock (_lock)
        {
            if (--_writers == 0)
            {
                FileLock.Release(_handle);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    private static async Task TakeAsync(Func<bool> tryTake, BlobName name, CancellationToken cancellationToken)
    {
        // Waits for other processes, so real time counts, whatever clock the store has.
        TimeProvider clock = TimeProvider.System;
        long start = clock.GetTimestamp();
        while (!tryTake())
        {
            if (clock.GetElapsedTime(start) > LongestWait)
            {
                throw FolderErrors.Busy(name.ToString(), $"Another process has been writing to '{name}' without a pause for {LongestWait.TotalSeconds} seconds.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(MillisecondsBetweenTries), clock, cancellationToken).ConfigureAwait(false);
        }
    }

    private static SafeFileHandle OpenHandle(FolderPaths paths, long generation)
    {
        string path = Path.Combine(paths.Gates, (generation % NumberOfFiles).ToString(CultureInfo.InvariantCulture));
        var spin = default(SpinWait);
        while (true)
        {
            try
            {
                // Opening takes a shared lock on Unix, which the gate's own use has to start without. It fails for the
                // moment in which somebody waits for writers.
                SafeFileHandle handle = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
                if (!OperatingSystem.IsWindows())
                {
                    FileLock.Release(handle);
                }

                return handle;
            }
            catch (IOException) when (spin.Count < LongestSpin)
            {
                spin.SpinOnce();
            }
        }
    }

    private bool TryEnter()
    {
        lock (_lock)
        {
            if (_writers == 0 && !FileLock.TryTake(_handle, isExclusive: false))
            {
                return false;
            }

            _writers++;
            return true;
        }
    }
}
