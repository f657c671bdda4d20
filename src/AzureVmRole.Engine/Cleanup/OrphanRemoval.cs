using System.Runtime.CompilerServices;
using AzureVmRole.Engine.Storage;

namespace AzureVmRole.Engine.Cleanup;

/// <summary>Deletes orphans, each after everything that was said of it has been found true again.</summary>
public static class OrphanRemoval
{
    private const int Percent = 100;

    /// <summary>Checks a list against the limits, without touching the store. <see cref="RemoveAsync"/> does the same first.</summary>
    /// <param name="items">What a search or a plan has; blobs that are kept are passed over.</param>
    /// <param name="options">The limits.</param>
    /// <returns>The blobs that a removal takes in hand.</returns>
    /// <exception cref="TransferException">A search was incomplete.</exception>
    /// <exception cref="CatalogueException">More blobs than may be deleted.</exception>
    public static IReadOnlyList<OrphanVhd> Select(IReadOnlyList<OrphanVhd> items, OrphanRemovalOptions options)
    {
        // What is kept may be of a search that failed as well: then nothing of it is true for certain.
        foreach (OrphanVhd item in items)
        {
            if (!item.Listing.IsComplete)
            {
                throw Incomplete(item.Listing);
            }
        }

        OrphanVhd[] selected =
        [
            .. items.Where(item => item.IsOrphan || (options.BreakLease && OrphanPlan.IsKeptByLeaseAlone(item)))
                .DistinctBy(static item => (item.Listing.Store, item.Name)),
        ];
        if (selected.Length > options.MaximumCount)
        {
            throw new CatalogueException(
                ErrorCode.RemovalLimitExceeded, selected[0].Listing.Store.AbsoluteUri,
                $"{selected.Length} blobs are to be deleted, at most {options.MaximumCount} may be. Nothing was deleted.",
                "Look the list over; if it is right, raise -MaximumCount.");
        }

        foreach (IGrouping<OrphanListing, OrphanVhd> group in selected.GroupBy(static item => item.Listing))
        {
            RequirePercent(group.Key, group.Count(), options);
        }

        return selected;
    }

    /// <summary>Deletes the orphans of a list. Blobs that were changed or are used now stay, with the reason.</summary>
    /// <param name="items">What a search or a plan has; blobs that are kept are passed over.</param>
    /// <param name="options">The limits, and what counts as a use.</param>
    /// <param name="progress">Gets how far it has come.</param>
    /// <param name="cancellationToken">Ends the work between two blobs.</param>
    /// <returns>One result for each orphan, streamed.</returns>
    /// <exception cref="TransferException">A search was incomplete; or the store refuses or fails: blobs reported before are done, no other is.</exception>
    /// <exception cref="CatalogueException">More blobs than may be deleted; or a reference file cannot be read.</exception>
    /// <exception cref="DiskOperationException">The log cannot be written.</exception>
    public static async IAsyncEnumerable<RemovedVhd> RemoveAsync(
        IReadOnlyList<OrphanVhd> items,
        OrphanRemovalOptions options,
        IProgress<TransferProgress>? progress,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IReadOnlyList<OrphanVhd> selected = Select(items, options);
        if (selected.Count == 0)
        {
            yield break;
        }

        using var log = RemovalLog.Open(options.LogPath, options.Connection.Log, TimeProvider.System);
        foreach (IGrouping<OrphanListing, OrphanVhd> group in selected.GroupBy(static item => item.Listing))
        {
            IBlobStore store = BlobStores.OpenStore(group.Key.Store.AbsoluteUri, options.Connection);
            await using (store.ConfigureAwait(false))
            {
                IReadOnlyList<IReferrer> referrers = Referrers.From(
                    store, [.. options.ReferencePaths.Union(group.Key.ReferencePaths, StringComparer.Ordinal)], options.Fabrics);
                var run = new RemovalRun(store, referrers, options, log, TimeProvider.System, progress);
                await foreach (RemovedVhd result in run.RemoveAsync([.. group], group.Key, cancellationToken).ConfigureAwait(false))
                {
                    yield return result;
                }
            }
        }
    }

    internal static TransferException Incomplete(OrphanListing listing) => new(
        ErrorCode.ListingIncomplete, listing.Store.AbsoluteUri,
        $"The search of '{listing.Store}' did not see the whole listing, so nobody can tell what is in use. Nothing was deleted.",
        "Run Get-OrphanVhd to its end, and then remove what it found.");

    private static void RequirePercent(OrphanListing listing, int count, OrphanRemovalOptions options)
    {
        long vhdCount = Math.Max(1, listing.VhdCount);
        if ((long)count * Percent > options.MaximumPercent * vhdCount)
        {
            throw new CatalogueException(
                ErrorCode.RemovalLimitExceeded, listing.Store.AbsoluteUri,
                $"{count} of {listing.VhdCount} .vhd blobs are to be deleted, at most {options.MaximumPercent} % may be. Nothing was deleted.",
                "Look the list over; if it is right, raise -MaximumPercent.");
        }
    }
}
