namespace AzureVmRole.Engine.Storage.Inspection;

/// <summary>Finds disks in a store.</summary>
public static class BlobInspection
{
    /// <summary>Finds blobs, streamed in the order of containers and names.</summary>
    /// <param name="query">Which.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <exception cref="TransferException">A blob that is named in full does not exist, or the store refuses.</exception>
    public static IAsyncEnumerable<VhdBlob> FindAsync(BlobQuery query, CancellationToken cancellationToken) =>
        throw new TransferException(ErrorCode.StoreUnsupported, query.Address ?? "", "No store can be opened.");
}
