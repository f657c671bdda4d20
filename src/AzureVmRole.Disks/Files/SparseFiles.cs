using Microsoft.Win32.SafeHandles;

namespace AzureVmRole.Disks.Files;

/// <summary>What the file system knows about holes: where they are, how to make them, what a file really occupies.</summary>
public static class SparseFiles
{
    /// <summary>
    /// Whether there is data or a hole at a place, and where that ends: at the latest at <see cref="long.MaxValue"/>, where
    /// nothing is known to follow. All is data where the file system does not tell.
    /// </summary>
    public static (bool IsData, long End) RunAt(SafeFileHandle handle, long fileOffset)
    {
        if (OperatingSystem.IsWindows())
        {
            return WindowsFiles.RunAt(handle, fileOffset);
        }

        return OperatingSystem.IsLinux() || OperatingSystem.IsMacOS()
            ? UnixFiles.RunAt(handle, fileOffset)
            : (true, long.MaxValue);
    }

    /// <summary>Lets the file have holes, where the file system wants to be told.</summary>
    public static void MarkSparse(SafeFileHandle handle)
    {
        if (OperatingSystem.IsWindows())
        {
            WindowsFiles.MarkSparse(handle);
        }
    }

    /// <summary>What the file occupies in bytes, or null where the file system does not tell.</summary>
    public static long? GetAllocatedLength(SafeFileHandle handle, string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return WindowsFiles.GetAllocatedLength(path);
        }

        return OperatingSystem.IsLinux() ? UnixFiles.GetAllocatedLength(handle) : null;
    }

    /// <summary>Makes a range of a file a hole, which reads as zeros; the length stays.</summary>
    /// <returns>False when the file system cannot: nothing was changed, or only a part made zero.</returns>
    public static bool TryPunchHole(SafeFileHandle handle, FileRange range)
    {
        if (OperatingSystem.IsWindows())
        {
            return WindowsFiles.TryPunchHole(handle, range);
        }

        return OperatingSystem.IsLinux() && UnixFiles.TryPunchHole(handle, range);
    }

    /// <summary>
    /// Lets a range of the target share the source's blocks, at the same offset (Btrfs, XFS and others on Linux). Offset and length are
    /// whole blocks, or the range ends where the source ends.
    /// </summary>
    /// <returns>False when the file system cannot; nothing was changed.</returns>
    public static bool TryClone(SafeFileHandle source, FileRange range, SafeFileHandle target) =>
        OperatingSystem.IsLinux() && UnixFiles.TryCloneRange(source, range, target, range.Offset);

    /// <summary>Has the operating system copy the start of a range to the same place of the target, where it can (Linux).</summary>
    /// <returns>How many bytes were copied, fewer than asked for perhaps; 0 when it cannot, for whatever reason: reading and writing tells it.</returns>
    public static long TryCopy(SafeFileHandle source, FileRange range, SafeFileHandle target) =>
        OperatingSystem.IsLinux() ? Math.Max(0, UnixFiles.CopyRange(source, range, target)) : 0;
}
