using AzureVmRole.Disks.Vhd;

namespace AzureVmRole.Engine.Storage.Inspection;

/// <summary>A disk in a store that is read: a page blob, or a snapshot of one, that holds a whole fixed VHD.</summary>
/// <param name="Store">Where it is.</param>
/// <param name="Blob">What it was when it was looked at; every later request asks for this ETag.</param>
/// <param name="Footer">Its footer.</param>
internal sealed record StoredDisk(IBlobStore Store, BlobProperties Blob, FixedVhdFooter Footer)
{
    /// <summary>The address, without a signature.</summary>
    public Uri Uri => VhdBlobs.UriOf(Store, Blob.Name, Blob.Snapshot);

    /// <summary>The virtual size in bytes.</summary>
    public long DiskLength => Footer.DiskLengthInBytes;

    /// <summary>What has to hold for every read: the disk is still the same.</summary>
    public BlobConditions Unchanged => new() { IfMatch = Blob.ETag };

    /// <summary>Looks at a blob.</summary>
    /// <exception cref="TransferException">There is no blob, or it is no disk, or not yet.</exception>
    public static async Task<StoredDisk> OpenAsync(
        IBlobStore store, BlobName name, string? snapshot, CancellationToken cancellationToken)
    {
        Uri uri = VhdBlobs.UriOf(store, name, snapshot);
        string shown = uri.ToString();
        BlobProperties blob = await store.FindAsync(name, snapshot, cancellationToken).ConfigureAwait(false)
            ?? throw BlobErrors.NotFound(uri);
        RequirePageBlob(blob, shown);
        RequireWhole(blob, shown);
        long diskLength = blob.Length - FixedVhdFooter.SizeInBytes;
        if (diskLength <= 0 || blob.Length % FixedVhdFooter.SizeInBytes != 0)
        {
            throw NoDisk(shown, $"it has {blob.Length} bytes, expected a whole number of sectors and a footer of {FixedVhdFooter.SizeInBytes} bytes");
        }

        byte[] footer = new byte[FixedVhdFooter.SizeInBytes];
        await store.ReadAsync(name, snapshot, diskLength, footer, new BlobConditions { IfMatch = blob.ETag }, cancellationToken)
            .ConfigureAwait(false);
        return FixedVhdFooter.TryParse(footer, diskLength, out FixedVhdFooter? parsed, out string? problem)
            ? new StoredDisk(store, blob, parsed)
            : throw NoDisk(shown, problem);
    }

    /// <summary>Refuses a blob that can hold no disk.</summary>
    public static void RequirePageBlob(BlobProperties blob, string shown)
    {
        if (blob.Kind != BlobKind.PageBlob)
        {
            throw new TransferException(
                ErrorCode.BlobTypeUnsuitable, shown, $"'{shown}' is a {(blob.Kind == BlobKind.BlockBlob ? "block" : "append")} blob, a page blob is needed.",
                "Get the file with a tool that knows such blobs (azcopy copy), and upload it as a page blob with Publish-BaseVhd.");
        }
    }

    private static void RequireWhole(BlobProperties blob, string shown)
    {
        if (VhdBlobs.StateOf(blob) == UploadState.Uploading)
        {
            string uploader = blob.Metadata.GetValueOrDefault(BlobMetadata.Uploader) is { Length: > 0 } who ? $" by {who}" : "";
            throw new TransferException(
                ErrorCode.UploadIncomplete, shown, $"'{shown}' is an unfinished upload{uploader}, not a disk yet.",
                "Wait for the upload, or finish it: run its Publish-BaseVhd again.");
        }

        if (blob.CopyState is BlobCopyState.Pending or BlobCopyState.Aborted or BlobCopyState.Failed)
        {
            throw new TransferException(
                ErrorCode.UploadIncomplete, shown,
                blob.CopyState == BlobCopyState.Pending
                    ? $"'{shown}' is being copied to, and not a disk yet."
                    : $"'{shown}' is what an interrupted copy left, not a disk.",
                blob.CopyState == BlobCopyState.Pending ? "Wait for the copy to end." : "Copy it again, or remove it.");
        }
    }

    private static TransferException NoDisk(string shown, string problem) => new(
        ErrorCode.BlobTypeUnsuitable, shown, $"'{shown}' holds no fixed VHD: {problem}.",
        "Give the address of a disk: an upload that was interrupted, a dynamic VHD or another file is none.");
}
