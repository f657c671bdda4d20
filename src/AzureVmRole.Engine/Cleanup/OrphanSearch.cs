using System.Runtime.CompilerServices;
using AzureVmRole.Engine.Storage;

namespace AzureVmRole.Engine.Cleanup;

/// <summary>Finds disks in a store that nothing needs any more.</summary>
public static class OrphanSearch
{
    private const decimal BytesPerGiB = 1L << 30;

    private static readonly HashSet<BlobName> NoneHeld = [];

    /// <summary>Tells of every page blob ending in .vhd why it is kept or why it is an orphan. Changes nothing in the store.</summary>
    /// <param name="options">Where, and what counts as a use.</param>
    /// <param name="progress">Gets how far it has come.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The blobs in the order of the listing, streamed. All share one <see cref="OrphanListing"/>, complete after the last one.</returns>
    /// <exception cref="TransferException">The listing could not be read to its end (<see cref="ErrorCode.ListingIncomplete"/>), or the address is wrong.</exception>
    /// <exception cref="CatalogueException">A reference file cannot be read.</exception>
    /// <exception cref="DiskOperationException">The plan cannot be written.</exception>
    public static async IAsyncEnumerable<OrphanVhd> FindAsync(
        OrphanSearchOptions options, IProgress<TransferProgress>? progress, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        OpenedBlob opened = string.IsNullOrWhiteSpace(options.Address)
            ? new OpenedBlob(BlobStores.OpenStore(address: null, options.Connection), Container: null, Name: null, Snapshot: null)
            : BlobStores.Open(options.Address, options.Connection);
        await using (opened.ConfigureAwait(false))
        {
            if (opened.Name is not null)
            {
                throw new TransferException(
                    ErrorCode.AddressInvalid, opened.Store.GetUri(opened.RequireBlob()).AbsoluteUri,
                    $"'{opened.RequireBlob()}' is a blob, a container or a store is searched.", "Give the address of a container or of a store.");
            }

            IReadOnlyList<IReferrer> referrers = Referrers.From(opened.Store, options.ReferencePaths, options.Fabrics);
            await foreach (OrphanVhd item in FindAsync(
                opened.Store, opened.Container, referrers, options, TimeProvider.System, progress, cancellationToken).ConfigureAwait(false))
            {
                yield return item;
            }
        }
    }

    internal static async IAsyncEnumerable<OrphanVhd> FindAsync(
        IBlobStore store,
        string? container,
        IReadOnlyList<IReferrer> referrers,
        OrphanSearchOptions options,
        TimeProvider timeProvider,
        IProgress<TransferProgress>? progress,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        PlannedOrphans? plan = options.PlanPath is { } path ? new PlannedOrphans(path, options.OverwritePlan) : null;
        var judge = new OrphanJudge(store, referrers, options.MinimumAge, timeProvider);
        await judge.RefreshAsync(onlyCheap: false, cancellationToken).ConfigureAwait(false);
        (Lineage lineage, long blobCount) = await StoreSurvey.RunAsync(
            store, judge, NoneHeld, count => Report(progress, "Surveying the store", count, 0), cancellationToken).ConfigureAwait(false);
        var listing = new SearchListing(store.Root, container, judge.Now) { Paths = options.ReferencePaths, TotalCount = blobCount };
        long count = 0;
        await foreach (SurveyedBlob entry in StoreSurvey.ReadAsync(store, container, cancellationToken).ConfigureAwait(false))
        {
            await Report(progress, "Judging blobs", ++count, blobCount).ConfigureAwait(false);
            if (!OrphanClassifier.IsCandidate(entry.Blob))
            {
                continue;
            }

            listing.Count();
            Verdict verdict = judge.Judge(entry.Blob, entry.SnapshotCount, lineage, isLeaseOurs: false);
            OrphanVhd item = Describe(entry, verdict, store.GetUri(entry.Blob.Name), listing, judge.Now, options.PricePerGiB);
            plan?.Add(item);
            yield return item;
        }

        listing.Complete();
        if (plan is not null)
        {
            await plan.WriteAsync(listing, cancellationToken).ConfigureAwait(false);
        }
    }

    private static OrphanVhd Describe(
        in SurveyedBlob entry, in Verdict verdict, Uri uri, OrphanListing listing, DateTimeOffset now, decimal? pricePerGiB)
    {
        BlobProperties blob = entry.Blob;
        bool isLeased = blob.LeaseState is BlobLeaseState.Leased or BlobLeaseState.Breaking;
        return new OrphanVhd
        {
            Name = blob.Name.ToString(),
            Container = blob.Name.Container,
            Uri = uri,
            Reasons = [.. verdict.Reasons],
            Length = blob.Length,
            MonthlyCost = pricePerGiB is { } price ? decimal.Round(blob.Length / BytesPerGiB * price, 4) : null,
            Age = now - OrphanClassifier.LastChange(blob),
            LastModified = blob.LastModified,
            CreatedOn = blob.CreatedOn,
            LastReference = verdict.LastReference,
            LeaseState = blob.LeaseState,
            LeaseIsInfinite = blob.LeaseIsInfinite,
            LeaseHolder = isLeased ? Storage.Inspection.VhdBlobs.HolderOf(blob) : null,
            SnapshotCount = entry.SnapshotCount,
            ETag = blob.ETag,
            Listing = listing,
        };
    }

    private static Task Report(IProgress<TransferProgress>? progress, string activity, long count, long total)
    {
        progress?.Report(new TransferProgress(activity, count, total));
        return Task.CompletedTask;
    }
}
