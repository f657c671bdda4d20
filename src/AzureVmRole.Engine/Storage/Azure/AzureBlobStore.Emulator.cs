namespace AzureVmRole.Engine.Storage.Azure;

internal sealed partial class AzureBlobStore
{
    /// <summary>
    /// In Azurite (3.35.0, LokiBlobMetadataStore.startCopyFromURL) a copy shares its list of pages with the source: what is
    /// written to the copy shows in the source. A snapshot has a list of its own, so the copy is made from one that goes again.
    /// </summary>
    private async Task<string> CopyOverSnapshotAsync(
        BlobName name,
        BlobName from,
        string? ifMatch,
        IReadOnlyDictionary<string, string>? metadata,
        BlobConditions conditions,
        CancellationToken cancellationToken)
    {
        string snapshot = await CreateSnapshotAsync(from, new BlobConditions { IfMatch = ifMatch }, cancellationToken).ConfigureAwait(false);
        try
        {
            BlobCopySource source = await GetCopySourceAsync(from, snapshot, ifMatch: null, cancellationToken).ConfigureAwait(false);
            return await StartCopyAsync(name, source, metadata, conditions, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await DeleteSnapshotAsync(from, snapshot).ConfigureAwait(false);
        }
    }

    /// <summary>Whoever deletes the source meanwhile deletes the snapshot, too; the copy has its pages.</summary>
    private async Task DeleteSnapshotAsync(BlobName name, string snapshot)
    {
        try
        {
            await DeleteAsync(name, snapshot, withSnapshots: false, default, CancellationToken.None).ConfigureAwait(false);
        }
        catch (TransferException exception) when (exception.Code == ErrorCode.BlobNotFound)
        {
            // It is gone, as it has to be.
        }
    }

    private bool SharesPagesWithCopies(BlobCopySource source) => _traffic.IsAzurite && source is { Name: not null, Snapshot: null }
        && source.Uri.AbsoluteUri.StartsWith(_endpoint.AbsoluteUri, StringComparison.OrdinalIgnoreCase);
}
