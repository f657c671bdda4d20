using System.Runtime.CompilerServices;
using AzureVmRole.Engine.Storage;

namespace AzureVmRole.Engine.Cleanup;

/// <summary>
/// One removal from one store. Each blob is found again and compared with the report, leased, and judged again while the lease
/// keeps everybody from using it as a disk or changing it; the deletion itself is conditioned on the lease, the ETag and the absence
/// of snapshots. docs/design/removal.md says which windows that closes and which it cannot.
/// </summary>
internal sealed class RemovalRun(
    IBlobStore store,
    IReadOnlyList<IReferrer> referrers,
    OrphanRemovalOptions options,
    RemovalLog log,
    TimeProvider timeProvider,
    IProgress<TransferProgress>? progress)
{
    // Up to here a survey of the store is a few requests, so each blob gets one of its own; above, a batch shares one.
    private const long SmallStore = 10_000;
    private const int LargeBatch = 50;

    private readonly OrphanJudge _judge = new(store, referrers, options.MinimumAge, timeProvider);
    private readonly RemovalLeases _leases = new(store, timeProvider);
    private TimeSpan? _retention;

    /// <summary>Deletes what still is an orphan.</summary>
    /// <param name="items">Orphans of one search, and blobs that a lease alone keeps where leases may be broken.</param>
    /// <param name="listing">The search.</param>
    /// <param name="cancellationToken">Ends the work between two blobs.</param>
    public async IAsyncEnumerable<RemovedVhd> RemoveAsync(
        IReadOnlyList<OrphanVhd> items, OrphanListing listing, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await _judge.RefreshAsync(onlyCheap: false, cancellationToken).ConfigureAwait(false);
        _retention = await store.GetDeleteRetentionAsync(cancellationToken).ConfigureAwait(false);
        int done = 0;
        foreach (OrphanVhd[] batch in items.Chunk(listing.BlobCount <= SmallStore ? 1 : LargeBatch))
        {
            await foreach (RemovedVhd result in RemoveBatchAsync(batch, cancellationToken).ConfigureAwait(false))
            {
                progress?.Report(new TransferProgress("Removing orphans", ++done, items.Count));
                yield return result;
            }
        }
    }

    private async IAsyncEnumerable<RemovedVhd> RemoveBatchAsync(
        OrphanVhd[] batch, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<HeldBlob> held = [];
        try
        {
            foreach (OrphanVhd item in batch)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (await TakeAsync(item, held, cancellationToken).ConfigureAwait(false) is { } kept)
                {
                    yield return kept;
                }
            }

            if (held.Count == 0)
            {
                yield break;
            }

            await _judge.RefreshAsync(onlyCheap: false, cancellationToken).ConfigureAwait(false);
            HashSet<BlobName> names = [.. held.Select(static blob => blob.Name)];
            (Lineage lineage, _) = await StoreSurvey.RunAsync(
                store, _judge, names, _ => _leases.RenewDueAsync(held, cancellationToken), cancellationToken).ConfigureAwait(false);
            foreach (HeldBlob blob in held)
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return await FinishAsync(blob, held, lineage, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            await _leases.ReleaseAsync(held).ConfigureAwait(false);
        }
    }

    /// <summary>Finds a blob again and takes its lease.</summary>
    /// <returns>Why it is kept; null when it is in <paramref name="held"/> now.</returns>
    private async Task<RemovedVhd?> TakeAsync(OrphanVhd item, List<HeldBlob> held, CancellationToken cancellationToken)
    {
        var name = new BlobName(item.Container, item.Name[(item.Container.Length + 1)..]);
        try
        {
            BlobProperties? blob = await store.FindAsync(name, snapshot: null, cancellationToken).ConfigureAwait(false);
            bool isLeaseDoomed = options.BreakLease && OrphanPlan.IsKeptByLeaseAlone(item) && blob is { LeaseIsInfinite: true };
            if (RemovalReasons.Compare(item, blob) is { } difference)
            {
                return Keep(item, [difference], keptCopy: null);
            }

            Verdict verdict = _judge.Judge(blob!, snapshotCount: 0, lineage: null, isLeaseOurs: isLeaseDoomed);
            if (verdict.Keeps)
            {
                return Keep(item, verdict.Reasons, keptCopy: null);
            }

            if (isLeaseDoomed && blob!.LeaseState == BlobLeaseState.Leased)
            {
                options.Connection.Log?.WriteWarning($"The lease of {item.LeaseHolder ?? "somebody unknown"} on '{item.Name}' is broken, as -BreakLease asks.");
                await _leases.BreakAsync(name, item.ETag, cancellationToken).ConfigureAwait(false);
            }

            var taken = new HeldBlob(item, name);
            held.Add(taken);
            await _leases.AcquireAsync(taken, cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (TransferException exception) when (RemovalReasons.From(exception) is { } reason)
        {
            held.RemoveAll(blob => blob.Name == name);
            return Keep(item, [reason], keptCopy: null);
        }
    }

    /// <summary>Judges a leased blob for the last time, and deletes it.</summary>
    private async Task<RemovedVhd> FinishAsync(HeldBlob blob, List<HeldBlob> held, Lineage lineage, CancellationToken cancellationToken)
    {
        string? keptCopy = null;
        try
        {
            await _leases.RenewAsync(blob, cancellationToken).ConfigureAwait(false);
            await _leases.RenewDueAsync(held, cancellationToken).ConfigureAwait(false);
            int snapshotCount = await CountSnapshotsAsync(blob.Name, cancellationToken).ConfigureAwait(false);
            IReadOnlyList<RetentionReason> reasons = await JudgeAsync(blob, snapshotCount, lineage, cancellationToken).ConfigureAwait(false);
            if (options.TakeSnapshot && !reasons.Any(static reason => reason.Keeps))
            {
                var copy = new RemovalCopy(store, timeProvider);
                keptCopy = await copy.MakeAsync(blob, () => _leases.RenewDueAsync(held, cancellationToken), cancellationToken).ConfigureAwait(false);
            }

            if (!reasons.Any(static reason => reason.Keeps))
            {
                // The intent is on stable storage first, so that as little as possible lies between the last look and the deletion.
                log.Write("delete", blob.Item, reasons[0].Text, keptCopy);
                reasons = await JudgeAsync(blob, snapshotCount, lineage, cancellationToken).ConfigureAwait(false);
            }

            if (reasons.Any(static reason => reason.Keeps))
            {
                return await KeepAsync(blob, lineage, reasons, keptCopy, cancellationToken).ConfigureAwait(false);
            }

            return await DeleteAsync(blob, reasons, keptCopy).ConfigureAwait(false);
        }
        catch (TransferException exception) when (RemovalReasons.From(exception) is { } reason)
        {
            return await KeepAsync(blob, lineage, [reason], keptCopy, cancellationToken).ConfigureAwait(false);
        }
        catch (AzureVmRoleException exception)
        {
            log.Write("failed", blob.Item, exception.Message, keptCopy);
            throw;
        }
    }

    private async Task<RemovedVhd> DeleteAsync(HeldBlob blob, IReadOnlyList<RetentionReason> reasons, string? keptCopy)
    {
        // Not cancelled any more: what becomes of the blob has to be known and told.
        var conditions = new BlobConditions { IfMatch = blob.Item.ETag, LeaseId = blob.LeaseId };
        try
        {
            await store.DeleteAsync(blob.Name, snapshot: null, withSnapshots: false, conditions, CancellationToken.None).ConfigureAwait(false);
        }
        catch (TransferException exception) when (exception.Code == ErrorCode.BlobNotFound)
        {
            // The lease let nobody else delete it: the first answer was lost and the store has asked again.
        }

        blob.IsHeld = false;
        log.Write("deleted", blob.Item, reasons[0].Text, keptCopy);
        return Result(blob.Item, isRemoved: true, reasons, keptCopy);
    }

    /// <summary>The store is asked first and the referrers last: what the store knows is a condition of the deletion as well.</summary>
    private async Task<IReadOnlyList<RetentionReason>> JudgeAsync(
        HeldBlob blob, int snapshotCount, Lineage lineage, CancellationToken cancellationToken)
    {
        BlobProperties? found = await store.FindAsync(blob.Name, snapshot: null, cancellationToken).ConfigureAwait(false);
        if (RemovalReasons.Compare(blob.Item, found) is { } difference)
        {
            return [difference];
        }

        if (found!.LeaseState != BlobLeaseState.Leased)
        {
            return [new RetentionReason(RetentionCode.LeaseLost, $"The removal's lease was ended by somebody else ({found.LeaseState}).")];
        }

        await _judge.RefreshAsync(onlyCheap: true, cancellationToken).ConfigureAwait(false);
        return _judge.Judge(found, snapshotCount, lineage, isLeaseOurs: true).Reasons;
    }

    private async Task<int> CountSnapshotsAsync(BlobName name, CancellationToken cancellationToken)
    {
        int count = 0;
        var listing = new BlobListing { Container = name.Container, Prefix = name.Name, IncludeSnapshots = true };
        await foreach (BlobProperties entry in store.ListAsync(listing, cancellationToken).ConfigureAwait(false))
        {
            count += entry.Name == name && entry.Snapshot is not null ? 1 : 0;
        }

        return count;
    }

    /// <summary>A difference that turns out to be used keeps its base, which may be next.</summary>
    private async Task<RemovedVhd> KeepAsync(
        HeldBlob blob, Lineage lineage, IReadOnlyList<RetentionReason> reasons, string? keptCopy, CancellationToken cancellationToken)
    {
        BlobProperties? found = await store.FindAsync(blob.Name, snapshot: null, cancellationToken).ConfigureAwait(false);
        if (found is not null)
        {
            lineage.Add(found, isKept: true);
            lineage.Complete();
        }

        return Keep(blob.Item, reasons, keptCopy);
    }

    private RemovedVhd Keep(OrphanVhd item, IReadOnlyList<RetentionReason> reasons, string? keptCopy)
    {
        log.Write("kept", item, reasons[0].Text, keptCopy);
        return Result(item, isRemoved: false, reasons, keptCopy);
    }

    private RemovedVhd Result(OrphanVhd item, bool isRemoved, IReadOnlyList<RetentionReason> reasons, string? keptCopy) => new()
    {
        Name = item.Name,
        Uri = item.Uri,
        Removed = isRemoved,
        Reasons = [.. reasons],
        Length = item.Length,
        KeptCopy = keptCopy,
        CanRestoreUntil = isRemoved && _retention is { } retention ? _judge.Now + retention : null,
    };
}
