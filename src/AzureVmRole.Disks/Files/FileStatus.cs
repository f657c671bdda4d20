using Microsoft.Win32.SafeHandles;

namespace AzureVmRole.Disks.Files;

/// <summary>What a name or an open file stands for, as the file system knows it (statx(2)). Told on Linux only.</summary>
/// <param name="Device">The device that holds the file.</param>
/// <param name="Inode">The file on the device: two names with the same device and inode are one file.</param>
/// <param name="LinkCount">How many names the file has.</param>
/// <param name="Mode">Kind and permissions.</param>
public readonly record struct FileStatus(ulong Device, ulong Inode, uint LinkCount, uint Mode)
{
    private const uint KindMask = 0xF000;
    private const uint RegularKind = 0x8000;
    private const uint FolderKind = 0x4000;

    /// <summary>Whether it is neither a file nor a folder: a device, pipe or socket.</summary>
    public bool IsSpecial => (Mode & KindMask) is not (RegularKind or FolderKind);

    /// <summary>What a path stands for, links followed; null when there is nothing or the system does not tell.</summary>
    public static FileStatus? Of(string path) => OperatingSystem.IsLinux() ? UnixFiles.GetStatus(path) : null;

    /// <summary>What an open file is; null when the system does not tell.</summary>
    public static FileStatus? Of(SafeFileHandle handle) => OperatingSystem.IsLinux() ? UnixFiles.GetStatus(handle) : null;

    /// <summary>Whether two names stand for one file now.</summary>
    public static bool IsSameFile(string path, string other) => string.Equals(
            path, other, OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase)
        || (Of(path) is { } status && Of(other) is { } otherStatus
            && status.Device == otherStatus.Device && status.Inode == otherStatus.Inode);
}
