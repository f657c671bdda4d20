namespace AzureVmRole.Disks.Files;

/// <summary>What the operating system meant by an error about a file, where the type of the exception does not tell.</summary>
public static class FileFault
{
    private const int ErrorSharingViolation = unchecked((int)0x80070020);
    private const int ErrorLockViolation = unchecked((int)0x80070021);
    private const int ErrorHandleDiskFull = unchecked((int)0x80070027);
    private const int ErrorDiskFull = unchecked((int)0x80070070);
    private const int UnixNoSpace = 28;
    private const int UnixQuotaExceededLinux = 122;
    private const int UnixQuotaExceededMac = 69;
    private const int WouldBlockLinux = 11;
    private const int WouldBlockMac = 35;

    /// <summary>Whether another process has the file open and does not share it.</summary>
    public static bool IsInUse(IOException exception) =>
        // On Unix the runtime locks with flock and reports EWOULDBLOCK by its raw number.
        exception.HResult is ErrorSharingViolation or ErrorLockViolation
        || (!OperatingSystem.IsWindows() && exception.HResult == (OperatingSystem.IsMacOS() ? WouldBlockMac : WouldBlockLinux));

    /// <summary>Whether the volume has no room left, or the account may use no more of it.</summary>
    public static bool IsVolumeFull(IOException exception) =>
        exception.HResult is ErrorDiskFull or ErrorHandleDiskFull
        || (!OperatingSystem.IsWindows() && exception.HResult is UnixNoSpace or UnixQuotaExceededLinux or UnixQuotaExceededMac);
}
