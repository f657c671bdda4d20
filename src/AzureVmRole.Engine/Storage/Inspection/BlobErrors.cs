namespace AzureVmRole.Engine.Storage.Inspection;

/// <summary>What is wrong with a blob, as seen before a request for it is sent.</summary>
internal static class BlobErrors
{
    public static TransferException NotFound(Uri blob) => new(
        ErrorCode.BlobNotFound, blob.ToString(), $"There is no blob '{blob}'.",
        "Check the address; names are case-sensitive. Get-VhdBlob lists what there is.");

    public static TransferException Exists(Uri blob) => new(
        ErrorCode.BlobExists, blob.ToString(), $"'{blob}' exists already.", "Give another name, or add -Overwrite.");

    public static TransferException Changed(Uri blob, string expected, string found) => new(
        ErrorCode.BlobChanged, blob.ToString(), $"'{blob}' was changed: its ETag is {found}, expected {expected}.",
        "Look at the blob again, and repeat the command if it still should be done.");

    /// <param name="blob">The blob's address.</param>
    /// <param name="found">What it is.</param>
    /// <param name="action">What to do, in imperative form.</param>
    public static TransferException Leased(Uri blob, BlobProperties found, string action)
    {
        string kind = found.LeaseIsInfinite switch
        {
            true => "a lease without end",
            false => "a timed lease",
            null => "a lease",
        };
        string holder = VhdBlobs.HolderOf(found) is { } known ? $", held by {known}" : ", whose holder is not known";
        return new TransferException(ErrorCode.BlobLeased, blob.ToString(), $"'{blob}' is under {kind}{holder}.", action);
    }

    public static TransferException HasSnapshots(Uri blob) => new(
        ErrorCode.BlobHasSnapshots, blob.ToString(), $"'{blob}' has snapshots, which would be deleted with it.",
        "Remove the snapshots first, or add -IncludeSnapshot.");

    public static bool IsLeased(BlobProperties blob) => blob.LeaseState is BlobLeaseState.Leased or BlobLeaseState.Breaking;
}
