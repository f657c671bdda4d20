namespace AzureVmRole.Engine.Cleanup;

/// <summary>Finds disks in a store that nothing needs any more.</summary>
public static class OrphanSearch
{
    /// <summary>Tells of every page blob ending in .vhd why it is kept or why it is an orphan. Changes nothing in the store.</summary>
    /// <param name="options">Where, and what counts as a use.</param>
    /// <param name="progress">Gets how far it has come.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The blobs in the order of the listing, streamed. All share one <see cref="OrphanListing"/>, complete after the last one.</returns>
    /// <exception cref="TransferException">The listing could not be read to its end (<see cref="ErrorCode.ListingIncomplete"/>), or the address is wrong.</exception>
    /// <exception cref="CatalogueException">A reference file cannot be read, or the plan cannot be written.</exception>
    public static IAsyncEnumerable<OrphanVhd> FindAsync(
        OrphanSearchOptions options, IProgress<TransferProgress>? progress, CancellationToken cancellationToken) =>
        throw new TransferException(ErrorCode.StoreUnsupported, options.Address ?? "", $"No store can be opened for '{options.Address}'.");
}
