using AzureVmRole.Engine.Storage;
using AzureVmRole.Engine.Storage.Inspection;

namespace AzureVmRole.Engine.Cleanup;

/// <summary>Gathers what is known of a blob and has it judged.</summary>
/// <param name="store">The store.</param>
/// <param name="referrers">Everybody who may use blobs.</param>
/// <param name="minimumAge">How long a blob has to have been left alone.</param>
/// <param name="timeProvider">This machine's clock.</param>
internal sealed class OrphanJudge(
    IBlobStore store, IReadOnlyList<IReferrer> referrers, TimeSpan minimumAge, TimeProvider timeProvider)
{
    /// <summary>The earlier one of this machine's and the service's clock: an age is never taken for more than it is by either.</summary>
    public DateTimeOffset Now
    {
        get
        {
            DateTimeOffset local = timeProvider.GetUtcNow();
            return store.ServiceTime is { } service && service < local ? service : local;
        }
    }

    /// <summary>Asks the referrers anew.</summary>
    /// <param name="onlyCheap">Whether those are left out that take long.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task RefreshAsync(bool onlyCheap, CancellationToken cancellationToken)
    {
        foreach (IReferrer referrer in referrers)
        {
            if (referrer.IsCheap || !onlyCheap)
            {
                await referrer.RefreshAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Judges a blob by the referrers' last answers.</summary>
    /// <param name="blob">The blob.</param>
    /// <param name="snapshotCount">How many snapshots it has.</param>
    /// <param name="lineage">Which disks were made from which; null to leave that out.</param>
    /// <param name="isLeaseOurs">Whether the lease on it is the removal's own.</param>
    public Verdict Judge(BlobProperties blob, int snapshotCount, Lineage? lineage, bool isLeaseOurs)
    {
        Uri uri = store.GetUri(blob.Name);
        List<BlobReference> references = [];
        foreach (IReferrer referrer in referrers)
        {
            if (referrer.Find(blob, uri) is { } reference)
            {
                references.Add(reference);
            }
        }

        var facts = new BlobFacts
        {
            Blob = blob,
            SnapshotCount = snapshotCount,
            References = references,
            IsParentInUse = lineage?.IsParentInUse(blob) == true,
            IsLeaseOurs = isLeaseOurs,
        };
        string? last = references.Count > 0 ? references[0].Holder : VhdBlobs.HolderOf(blob);
        return new Verdict(OrphanClassifier.Classify(facts, Now, minimumAge), last);
    }
}
