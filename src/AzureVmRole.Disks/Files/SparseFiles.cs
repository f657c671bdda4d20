using Microsoft.Win32.SafeHandles;

namespace AzureVmRole.Disks.Files;

/// <summary>What the file system knows about holes: where they are, how to make them, what a file really occupies.</summary>
internal static class SparseFiles
{
    /// <summary>The data ranges inside a range of a file; the whole range where the file system does not tell.</summary>
    public static IEnumerable<FileRange> EnumerateData(SafeFileHandle handle, long fileOffset, long length)
    {
        if (length <= 0)
        {
            return [];
        }

        if (OperatingSystem.IsWindows())
        {
            return WindowsFiles.EnumerateData(handle, fileOffset, length);
        }

        return OperatingSystem.IsLinux() || OperatingSystem.IsMacOS()
            ? UnixFiles.EnumerateData(handle, fileOffset, length)
            : [new FileRange(fileOffset, length)];
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
}
