namespace AzureVmRole.Engine.Cleanup;

/// <summary>Deletes orphans, each after everything that was said of it has been found true again.</summary>
public static class OrphanRemoval
{
    /// <summary>Checks a list against the limits, without touching the store. <see cref="RemoveAsync"/> does the same first.</summary>
    /// <param name="items">What a search or a plan has; blobs that are kept are not counted.</param>
    /// <param name="options">The limits.</param>
    /// <returns>The blobs that a removal would take in hand.</returns>
    /// <exception cref="TransferException">The search was incomplete.</exception>
    /// <exception cref="CatalogueException">More blobs than may be deleted, or blobs of several searches.</exception>
    public static IReadOnlyList<OrphanVhd> Select(IReadOnlyList<OrphanVhd> items, OrphanRemovalOptions options) =>
        throw new TransferException(ErrorCode.StoreUnsupported, "", "No store can be opened.");

    /// <summary>Deletes the orphans of a list. Blobs that were changed or are used now stay, with the reason.</summary>
    /// <param name="items">What a search or a plan has; blobs that are kept are passed over.</param>
    /// <param name="options">The limits, and what counts as a use.</param>
    /// <param name="progress">Gets how far it has come.</param>
    /// <param name="cancellationToken">Ends the work between two blobs.</param>
    /// <returns>One result for each orphan, streamed.</returns>
    /// <exception cref="TransferException">The search was incomplete; or the store refuses or fails: blobs reported before are done, no other is.</exception>
    /// <exception cref="CatalogueException">More blobs than may be deleted, or blobs of several searches; or a reference file cannot be read.</exception>
    /// <exception cref="DiskOperationException">The log cannot be written.</exception>
    public static IAsyncEnumerable<RemovedVhd> RemoveAsync(
        IReadOnlyList<OrphanVhd> items,
        OrphanRemovalOptions options,
        IProgress<TransferProgress>? progress,
        CancellationToken cancellationToken) =>
        throw new TransferException(ErrorCode.StoreUnsupported, "", "No store can be opened.");
}
