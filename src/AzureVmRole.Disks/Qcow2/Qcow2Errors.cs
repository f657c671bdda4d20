namespace AzureVmRole.Disks.Qcow2;

/// <summary>The errors that reading a qcow2 file can raise.</summary>
internal static class Qcow2Errors
{
    private const string GetGoodCopy = "Get an intact copy of the disk.";

    public static DiskFormatException Header(string path, string field, long fileOffset, object found, object expected) =>
        new(
            ErrorCode.Qcow2HeaderInvalid, path, field, fileOffset,
            $"{field} at offset 0x{fileOffset:X} of '{path}' is {found}, expected {expected}.", GetGoodCopy);

    public static DiskFormatException Table(string path, string field, long fileOffset, ulong entry, string reason) =>
        new(
            ErrorCode.Qcow2TableInvalid, path, field, fileOffset,
            $"{field} at offset 0x{fileOffset:X} of '{path}' is 0x{entry:X16}: {reason}.", GetGoodCopy);

    public static DiskFormatException Cluster(string path, long fileOffset, string reason, Exception? cause = null) =>
        new(
            ErrorCode.Qcow2ClusterInvalid, path, "compressed cluster", fileOffset,
            $"The compressed cluster at offset 0x{fileOffset:X} of '{path}' {reason}.", GetGoodCopy, cause);

    public static DiskFormatException Truncated(string path, string field, long fileOffset, long needed, long length) =>
        new(
            ErrorCode.FileTruncated, path, field, fileOffset,
            $"'{path}' ends at byte {length}, but {field} needs it to reach byte {needed}.",
            "Get a complete copy of the file.");

    public static DiskFormatException Unsupported(string path, string field, long fileOffset, string feature) =>
        new(
            ErrorCode.DiskFormatUnsupported, path, field, fileOffset,
            $"'{path}' uses {feature}, which is not supported.",
            "Convert the image with 'qemu-img convert -O qcow2' to one without this feature first.");
}
