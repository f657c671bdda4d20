using System.Runtime.CompilerServices;
using AzureVmRole.Engine.Storage;

namespace AzureVmRole.Engine.Cleanup;

/// <summary>Reads listings to their end, or fails.</summary>
internal static class StoreSurvey
{
    private const int ReportEvery = 1000;

    /// <summary>Goes over the whole store and notes which disks were made from which, as far as they are kept.</summary>
    /// <param name="store">The store.</param>
    /// <param name="judge">Says what is kept.</param>
    /// <param name="held">Blobs whose lease is the removal's own.</param>
    /// <param name="tickAsync">Called now and then with the number of blobs so far; keeps leases alive and shows progress.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The lines, and how many blobs there are.</returns>
    /// <exception cref="TransferException">The listing could not be read to its end.</exception>
    public static async Task<(Lineage Lineage, long BlobCount)> RunAsync(
        IBlobStore store, OrphanJudge judge, IReadOnlySet<BlobName> held, Func<long, Task>? tickAsync, CancellationToken cancellationToken)
    {
        var lineage = new Lineage();
        long count = 0;
        await foreach (SurveyedBlob entry in ReadAsync(store, container: null, cancellationToken).ConfigureAwait(false))
        {
            count++;
            if (Lineage.HasBase(entry.Blob))
            {
                lineage.Add(entry.Blob, IsKept(judge, entry, held));
            }

            if (tickAsync is not null && count % ReportEvery == 0)
            {
                await tickAsync(count).ConfigureAwait(false);
            }
        }

        lineage.Complete();
        return (lineage, count);
    }

    /// <summary>The blobs and snapshots of a container or of the store, streamed, each blob with the number of its snapshots.</summary>
    /// <exception cref="TransferException">The listing could not be read to its end (<see cref="ErrorCode.ListingIncomplete"/>).</exception>
    public static async IAsyncEnumerable<SurveyedBlob> ReadAsync(
        IBlobStore store, string? container, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // A blob is held back until the next name, so that its snapshots count on whichever side of it they are listed.
        BlobProperties? current = null;
        BlobName name = default;
        int snapshotCount = 0;
        var listing = new BlobListing { Container = container, IncludeSnapshots = true };
        IAsyncEnumerator<BlobProperties> entries = store.ListAsync(listing, cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using (entries.ConfigureAwait(false))
        {
            while (await MoveNextAsync(entries, store, container).ConfigureAwait(false))
            {
                BlobProperties entry = entries.Current;
                if (entry.Name != name)
                {
                    if (current is not null)
                    {
                        yield return new SurveyedBlob(current, snapshotCount);
                    }

                    (current, name, snapshotCount) = (null, entry.Name, 0);
                }

                if (entry.Snapshot is null)
                {
                    current = entry;
                }
                else
                {
                    snapshotCount++;
                    yield return new SurveyedBlob(entry, 0);
                }
            }
        }

        if (current is not null)
        {
            yield return new SurveyedBlob(current, snapshotCount);
        }
    }

    // Whatever is never deleted here (snapshots, other kinds, other names) counts as kept.
    private static bool IsKept(OrphanJudge judge, SurveyedBlob entry, IReadOnlySet<BlobName> held) =>
        !OrphanClassifier.IsCandidate(entry.Blob)
        || judge.Judge(entry.Blob, entry.SnapshotCount, lineage: null, held.Contains(entry.Blob.Name)).Keeps;

    private static async Task<bool> MoveNextAsync(IAsyncEnumerator<BlobProperties> entries, IBlobStore store, string? container)
    {
        try
        {
            return await entries.MoveNextAsync().ConfigureAwait(false);
        }
        catch (AzureVmRoleException exception)
        {
            string place = container is null ? $"store '{store.Root}'" : $"container '{container}' of '{store.Root}'";
            throw new TransferException(
                ErrorCode.ListingIncomplete,
                container ?? store.Root.AbsoluteUri,
                $"The blobs of {place} could not be listed to the end, so nobody can tell what is in use: {exception.Message}",
                "Use an account that may list the whole store, and run the search again.",
                exception)
            {
                Status = (exception as TransferException)?.Status,
                ServiceCode = (exception as TransferException)?.ServiceCode,
                RequestId = (exception as TransferException)?.RequestId,
            };
        }
    }
}
