using AzureVmRole.Disks.Files;
using Microsoft.Data.Sqlite;

namespace AzureVmRole.Engine.Storage.Folder;

/// <summary>The errors of a folder store.</summary>
internal static class FolderErrors
{
    private const int SqliteBusy = 5;
    private const int SqliteLocked = 6;
    private const int SqliteReadOnly = 8;
    private const int SqliteCorrupt = 11;
    private const int SqliteFull = 13;
    private const int SqliteNoSharedMemory = 10 | (19 << 8); // The file beside the database cannot grow.
    private const int SqliteCannotOpen = 14;
    private const int SqliteNotADatabase = 26;

    public static TransferException NotFound(BlobName name, string? snapshot) => new(
        ErrorCode.BlobNotFound, name.ToString(),
        snapshot is null ? $"There is no blob '{name}'." : $"There is no snapshot '{snapshot}' of the blob '{name}'.",
        "Check the name.");

    public static TransferException ContainerNotFound(string container) => new(
        ErrorCode.ContainerNotFound, container, $"There is no container '{container}'.", "Check the name, or make the container first.");

    public static TransferException Exists(BlobName name) => new(
        ErrorCode.BlobExists, name.ToString(), $"'{name}' exists already.", "Give another name, or add -Overwrite.");

    public static TransferException Changed(BlobName name, string expected, string found) => new(
        ErrorCode.BlobChanged, name.ToString(),
        $"'{name}' was changed by somebody else: its ETag is {found}, expected {expected}.", "Look at the blob again, then repeat the command.");

    public static TransferException Leased(FolderRow row)
    {
        string? holder = row.MetadataValue(BlobMetadata.LeaseHolder) ?? row.MetadataValue(BlobMetadata.Uploader);
        return new TransferException(
            ErrorCode.BlobLeased, row.Name.ToString(),
            $"Somebody holds a lease on '{row.Name}'{(holder is null ? "" : $": {holder}")}.",
            "Wait until the holder is done, or break the lease when nobody uses the blob any more.");
    }

    public static TransferException LeaseEnds(BlobName name) => new(
        ErrorCode.BlobLeased, name.ToString(), $"The lease on '{name}' ends by itself; a copy to a leased blob needs one without end.",
        "Take the lease again without a duration.");

    public static TransferException LeaseLost(FolderRow row, BlobLeaseState state) => new(
        ErrorCode.LeaseLost, row.Name.ToString(),
        $"The lease on '{row.Name}' that the operation used is not its own any more; the blob's lease is {state}.",
        "See who uses the blob, then repeat the command.");

    public static TransferException NoLease(BlobName name) => new(
        ErrorCode.StoreRefused, name.ToString(), $"Nobody holds a lease on '{name}', so none can be broken.");

    public static TransferException CopyPending(BlobName name) => new(
        ErrorCode.BlobInUse, name.ToString(), $"A copy to '{name}' is under way.", "Wait until it is done, or abort it.");

    public static TransferException HasSnapshots(BlobName name) => new(
        ErrorCode.BlobHasSnapshots, name.ToString(), $"'{name}' has snapshots.", "Delete them too, or one by one before.");

    public static TransferException OutOfRange(BlobName name, long offset, long length, long blobLength) => new(
        ErrorCode.BlobSizeMismatch, name.ToString(),
        $"'{name}' has {blobLength} bytes, {length} bytes at offset {offset} were asked for.", "Look at the blob again, then repeat the command.");

    public static TransferException NameTaken(BlobName name, string other) => new(
        ErrorCode.StoreUnsupported, name.ToString(),
        $"A folder store cannot hold '{name}' beside '{name.Container}/{other}': one is a file where the other needs a folder.",
        "Give the blob another name.");

    public static TransferException ForeignFile(BlobName name, string path) => new(
        ErrorCode.BlobExists, name.ToString(),
        $"'{path}' exists, but the store knows no blob of that name: somebody else put it there.", "Move it away, or give the blob another name.");

    public static TransferException FileMissing(FolderRow row, string path, Exception? exception) => new(
        ErrorCode.StoreDamaged, row.Name.ToString(), $"The file '{path}' that holds '{row.Name}' is missing.",
        "Put the file back, or delete the blob.", exception);

    public static TransferException FileTooShort(FolderRow row, string path, long length) => new(
        ErrorCode.StoreDamaged, row.Name.ToString(), $"The file '{path}' has {length} bytes, the blob '{row.Name}' has {row.Length}.",
        "Put the right file back, or delete the blob.");

    public static TransferException Busy(string target, string what, Exception? exception = null) => new(
        ErrorCode.StoreBusy, target, what, "Wait for the other process to end its work, then repeat the command.", exception);

    public static TransferException NoStore(string path) => new(
        ErrorCode.StoreUnreachable, path, $"Folder '{path}' holds no store that this account may see.",
        "Check the path. Publishing or copying to it makes a store there.");

    public static TransferException SourceUnsupported(Uri uri) => new(
        ErrorCode.StoreUnsupported, uri.GetLeftPart(UriPartial.Path),
        "A folder store copies from folder stores of this machine only.", "Download the blob, then publish it.");

    /// <summary>What the database said.</summary>
    public static TransferException Of(SqliteException exception, FolderPaths paths) => exception.SqliteErrorCode switch
    {
        SqliteBusy or SqliteLocked => Busy(paths.Root, $"Another process keeps the database '{paths.Database}' busy.", exception),
        SqliteCorrupt or SqliteNotADatabase => new TransferException(
            ErrorCode.StoreDamaged, paths.Root, $"The database '{paths.Database}' is damaged: {exception.Message}",
            "Restore it from a backup. The blobs' files are in the store's folder.", exception),
        _ when exception.SqliteErrorCode == SqliteFull || exception.SqliteExtendedErrorCode == SqliteNoSharedMemory => new TransferException(
            ErrorCode.InsufficientSpace, paths.Root, $"The volume of '{paths.Database}' is full.", "Free space on the volume.", exception),
        SqliteReadOnly or SqliteCannotOpen => new TransferException(
            ErrorCode.AccessDenied, paths.Root, $"The database '{paths.Database}' cannot be opened for writing: {exception.Message}",
            "Give this account the right to the store's folder.", exception),
        _ => new TransferException(
            ErrorCode.WriteFailed, paths.Root, $"The database '{paths.Database}' cannot be used: {exception.Message}",
            "Check the volume and its connection.", exception),
    };

    /// <summary>What the operating system said about a file of the store.</summary>
    public static TransferException Of(Exception exception, string target, string path, bool isWriting) => exception switch
    {
        UnauthorizedAccessException => new TransferException(
            ErrorCode.AccessDenied, target, $"'{path}' may not be used: {exception.Message}", "Give this account the right to the store's folder.", exception),
        IOException io when FileFault.IsVolumeFull(io) => new TransferException(
            ErrorCode.InsufficientSpace, target, $"The volume of '{path}' is full.", "Free space on the volume.", exception),
        _ => new TransferException(
            isWriting ? ErrorCode.WriteFailed : ErrorCode.ReadFailed, target,
            $"{(isWriting ? "Writing" : "Reading")} '{path}' failed: {exception.Message}", "Check the volume and its connection.", exception),
    };
}
