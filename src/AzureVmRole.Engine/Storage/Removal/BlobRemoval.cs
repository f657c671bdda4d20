namespace AzureVmRole.Engine.Storage.Removal;

/// <summary>Deletes a blob from a store.</summary>
public static class BlobRemoval
{
    /// <summary>Deletes a blob, if it still is what the caller saw.</summary>
    /// <param name="options">Which, and what may go with it.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>What the blob was.</returns>
    /// <exception cref="TransferException">The blob does not exist, was changed, is leased or has snapshots; or the store refuses.</exception>
    public static Task<VhdBlob> RemoveAsync(BlobRemovalOptions options, CancellationToken cancellationToken) =>
        throw new TransferException(ErrorCode.StoreUnsupported, options.Address, $"No store can be opened for '{options.Address}'.");
}
