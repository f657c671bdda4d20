namespace AzureVmRole.Disks.Files;

/// <summary>Turns what the operating system says about a file into an error for the user.</summary>
internal static class FileErrors
{
    public static DiskOperationException OpenFailed(string path, FileAccess access, Exception exception)
    {
        if (Directory.Exists(path))
        {
            return PathIsFolder(path, exception);
        }

        return exception switch
        {
            FileNotFoundException => FileNotFound(path, exception),
            DirectoryNotFoundException => access == FileAccess.Read
                ? FileNotFound(path, exception)
                : FolderNotFound(path, exception),
            UnauthorizedAccessException => new DiskOperationException(
                ErrorCode.AccessDenied, path,
                $"'{path}' may not be opened for {(access == FileAccess.Read ? "reading" : "writing")}: {exception.Message}",
                "Give this account the right to the file and its folder, or run as one that has it.", exception),
            IOException io when FileFault.IsInUse(io) => new DiskOperationException(
                ErrorCode.DiskInUse, path,
                $"'{path}' is in use by another process.",
                "Detach the disk or end the process that has it open, then run the command again.", exception),
            IOException io when FileFault.IsVolumeFull(io) => WriteFailed(path, 0, io),
            _ => access == FileAccess.Read
                ? ReadFailed(path, 0, exception)
                : WriteFailed(path, 0, exception),
        };
    }

    public static DiskOperationException PathIsFolder(string path, Exception? exception = null) => new(
        ErrorCode.PathIsFolder, path, $"'{path}' is a folder, a disk file is needed.",
        "Give the path of a disk file.", exception);

    public static DiskOperationException NotRegular(string path) => new(
        ErrorCode.InvalidArgument, path, $"'{path}' is a device, pipe or socket, a disk file is needed.",
        "Give the path of a disk file.");

    public static DiskOperationException Replaced(string path) => new(
        ErrorCode.DiskInUse, path, $"'{path}' was replaced by another process at this moment.", "Run the command again.");

    public static DiskOperationException FileNotFound(string path, Exception? exception = null) => new(
        ErrorCode.FileNotFound, path, $"There is no file '{path}'.", "Check the path.", exception);

    public static DiskOperationException FolderNotFound(string path, Exception? exception = null) => new(
        ErrorCode.FolderNotFound, path, $"There is no folder '{System.IO.Path.GetDirectoryName(path)}' to hold '{path}'.",
        "Make the folder first, or give another path.", exception);

    public static DiskOperationException TargetExists(string path) => new(
        ErrorCode.TargetExists, path, $"'{path}' exists already.",
        "Give another path, or add -Force to overwrite it.");

    public static DiskOperationException ReadFailed(string path, long fileOffset, Exception exception) => new(
        ErrorCode.ReadFailed, path, $"Reading '{path}' at offset 0x{fileOffset:X} failed: {exception.Message}",
        "Check the volume and its connection.", exception);

    public static DiskOperationException WriteFailed(string path, long fileOffset, Exception exception) =>
        exception is IOException io && FileFault.IsVolumeFull(io)
            ? new DiskOperationException(
                ErrorCode.InsufficientSpace, path,
                $"The volume of '{path}' is full: writing at offset 0x{fileOffset:X} failed.",
                "Free space on the volume, or give a path on another one.", exception)
            : new DiskOperationException(
                ErrorCode.WriteFailed, path,
                $"Writing '{path}' at offset 0x{fileOffset:X} failed: {exception.Message}",
                "Check the volume and its connection.", exception);
}
