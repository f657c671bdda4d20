using Microsoft.Win32.SafeHandles;

namespace AzureVmRole.Disks.Files;

/// <summary>
/// Advisory locks of open files, shared or exclusive, that end with the process that holds them. Each opening of a file locks for
/// itself. Nobody waits: a lock is got at once or not at all.
/// </summary>
public static class FileLock
{
    /// <summary>Takes the lock.</summary>
    /// <returns>False when another opening of the file holds a lock that forbids this one.</returns>
    public static bool TryTake(SafeFileHandle handle, bool isExclusive) => OperatingSystem.IsWindows()
        ? WindowsFiles.TryLock(handle, isExclusive)
        : UnixFiles.TryLock(handle, isExclusive);

    /// <summary>Gives the lock back.</summary>
    public static void Release(SafeFileHandle handle)
    {
        if (OperatingSystem.IsWindows())
        {
            WindowsFiles.Unlock(handle);
        }
        else
        {
            UnixFiles.Unlock(handle);
        }
    }
}
