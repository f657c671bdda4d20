using AzureVmRole.Engine.Storage.Inspection;

namespace AzureVmRole.Engine.Storage.Copying;

/// <summary>Copies a disk within a store, or from one account to another, without the bytes passing through this machine.</summary>
public static class BlobCopy
{
    private const string ComputePrefix = "MicrosoftAzureCompute_";

    /// <summary>What tells of the source's upload and use, and would be wrong for the copy.</summary>
    private static readonly string[] DroppedMetadata =
        [BlobMetadata.LeaseHolder, BlobMetadata.Uploader, BlobMetadata.UploadId, BlobMetadata.Checkpoint];

    /// <summary>
    /// Copies a disk with its metadata, and checks the copy's length and footer. The source must not change meanwhile. When the
    /// copy fails or is cancelled, nothing is left at the target.
    /// </summary>
    /// <param name="options">What is copied where.</param>
    /// <param name="progress">Gets how far the service has come.</param>
    /// <param name="cancellationToken">Ends the copy and removes what there is of it.</param>
    /// <exception cref="TransferException">The source is no disk, the target may not be replaced, or a store refuses.</exception>
    public static async Task<VhdBlob> CopyAsync(
        BlobCopyOptions options, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        OpenedBlob from = BlobStores.Open(options.Source, options.SourceConnection ?? options.Connection);
        await using (from.ConfigureAwait(false))
        {
            OpenedBlob to = BlobStores.Open(options.Destination, options.Connection, mayCreate: true);
            await using (to.ConfigureAwait(false))
            {
                RequireSameKind(from.Store, to.Store);
                StoredDisk source = await StoredDisk.OpenAsync(from.Store, from.RequireBlob(), from.Snapshot, cancellationToken)
                    .ConfigureAwait(false);
                BlobConditions conditions = await CheckTargetAsync(source, to, options.Overwrite, cancellationToken).ConfigureAwait(false);
                BlobCopySource place = await from.Store.GetCopySourceAsync(
                    source.Blob.Name, source.Blob.Snapshot, source.Blob.ETag, cancellationToken).ConfigureAwait(false);
                string copyId = await StartAsync(to, place, MetadataOf(source.Blob), conditions, cancellationToken).ConfigureAwait(false);
                var copy = new RunningCopy(source, to.Store, to.RequireBlob(), copyId, progress);
                return VhdBlobs.From(to.Store, await copy.WaitAsync(cancellationToken).ConfigureAwait(false));
            }
        }
    }

    private static async Task<string> StartAsync(
        OpenedBlob to, BlobCopySource place, Dictionary<string, string> metadata, BlobConditions conditions, CancellationToken cancellationToken)
    {
        BlobName name = to.RequireBlob();
        try
        {
            return await to.Store.StartCopyAsync(name, place, metadata, conditions, cancellationToken).ConfigureAwait(false);
        }
        catch (TransferException exception) when (exception.Code == ErrorCode.ContainerNotFound)
        {
            await to.Store.CreateContainerAsync(name.Container, cancellationToken).ConfigureAwait(false);
            return await to.Store.StartCopyAsync(name, place, metadata, conditions, cancellationToken).ConfigureAwait(false);
        }
    }

    private static void RequireSameKind(IBlobStore from, IBlobStore to)
    {
        if (from.Root.IsFile != to.Root.IsFile)
        {
            throw new TransferException(
                ErrorCode.StoreUnsupported, to.Root.ToString(),
                $"'{from.Root}' and '{to.Root}' are stores of different kinds, between which no service copies.",
                "Download the disk with Save-BaseVhd, and upload it with Publish-BaseVhd.");
        }
    }

    private static async Task<BlobConditions> CheckTargetAsync(
        StoredDisk source, OpenedBlob to, bool overwrite, CancellationToken cancellationToken)
    {
        BlobName name = to.RequireBlob();
        Uri uri = to.Store.GetUri(name);
        if (to.Snapshot is not null)
        {
            throw Unsuitable(uri, "is the address of a snapshot, which cannot be written");
        }

        BlobProperties? existing = await to.Store.FindAsync(name, null, cancellationToken).ConfigureAwait(false);
        if (existing is null)
        {
            return new BlobConditions { MustNotExist = true };
        }

        if (source.Uri == uri || IsSame(source.Blob, existing))
        {
            throw Unsuitable(uri, "would be copied onto itself");
        }

        if (!overwrite)
        {
            throw BlobErrors.Exists(uri);
        }

        if (BlobErrors.IsLeased(existing))
        {
            throw BlobErrors.Leased(uri, existing, "End the use of the blob, or give another destination.");
        }

        if (existing.CopyState == BlobCopyState.Pending)
        {
            throw new TransferException(
                ErrorCode.BlobInUse, uri.ToString(), $"'{uri}' is being copied to.", "Wait for that copy to end, or give another destination.");
        }

        StoredDisk.RequirePageBlob(existing, uri.ToString());
        return new BlobConditions { IfMatch = existing.ETag };
    }

    // A store has several addresses: links to its folder, an account's secondary end point, domains of its own.
    private static bool IsSame(BlobProperties source, BlobProperties target) =>
        source.Snapshot is null
        && (source.Name, source.ETag, source.Length, source.CreatedOn) == (target.Name, target.ETag, target.Length, target.CreatedOn);

    private static TransferException Unsuitable(Uri target, string reason) => new(
        ErrorCode.AddressInvalid, target.ToString(), $"'{target}' {reason}.", "Give another destination.");

    private static Dictionary<string, string> MetadataOf(BlobProperties source) => source.Metadata
        .Where(entry => !DroppedMetadata.Contains(entry.Key, StringComparer.OrdinalIgnoreCase)
            && !entry.Key.StartsWith(ComputePrefix, StringComparison.OrdinalIgnoreCase))
        .ToDictionary(StringComparer.OrdinalIgnoreCase);
}
