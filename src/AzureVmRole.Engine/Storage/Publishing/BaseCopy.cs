namespace AzureVmRole.Engine.Storage.Publishing;

/// <summary>Makes the target a copy of the base, by the store itself.</summary>
internal sealed class BaseCopy(UploadSession session, PublishedBase lower, TimeProvider clock, TransferMeter meter)
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan UndoLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    /// <summary>Starts the copy, or goes on with the one that is under way or done.</summary>
    /// <returns>Whether the copy was there already, so that the blob may hold changes of the disk, too.</returns>
    /// <exception cref="TransferException">The copy failed, or the base is no longer what it was.</exception>
    public async Task<bool> EnsureAsync(CancellationToken cancellationToken)
    {
        BlobProperties now = await FindAsync(cancellationToken).ConfigureAwait(false);
        bool wasCopied = session.IsResumed && now.CopyState == BlobCopyState.Success;
        try
        {
            if (!wasCopied)
            {
                await CopyAsync(now, cancellationToken).ConfigureAwait(false);
            }

            if (session.IsBeingCopied)
            {
                await session.NoteTakenOverAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or TransferException)
        {
            await UndoAsync().ConfigureAwait(false);
            throw;
        }

        // The copy brought the base's footer; until the changes are there, the blob must not pass for a disk.
        await ClearFooterAsync(CancellationToken.None).ConfigureAwait(false);
        meter.Reach(session.DiskLength);
        return wasCopied;
    }

    private async Task CopyAsync(BlobProperties now, CancellationToken cancellationToken)
    {
        if (!session.IsResumed || now.CopyState != BlobCopyState.Pending)
        {
            await session.Lease.ExtendAsync(cancellationToken).ConfigureAwait(false);
            await StartAsync(now, cancellationToken).ConfigureAwait(false);
        }

        await WaitAsync(cancellationToken).ConfigureAwait(false);
        await session.Lease.LimitAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task StartAsync(BlobProperties now, CancellationToken cancellationToken)
    {
        // Azurite copies to a blob that is gone whatever lease is named. What a killed predecessor sent may still arrive, though.
        BlobConditions conditions = session.IsResumed ? session.Held : session.Held with { IfMatch = now.ETag };
        try
        {
            await session.Store.StartCopyAsync(
                session.Name, lower.Source, session.Marker, conditions, cancellationToken).ConfigureAwait(false);
        }
        catch (TransferException exception) when (exception.Code is ErrorCode.BlobChanged or ErrorCode.BlobNotFound)
        {
            if (await lower.DescribeChangeAsync(exception, cancellationToken).ConfigureAwait(false) is { } change)
            {
                throw change;
            }

            throw;
        }
    }

    private Task ClearFooterAsync(CancellationToken cancellationToken) => session.ClearAsync(
        new PageRange(session.DiskLength, UploadSession.FooterLength), cancellationToken);

    /// <summary>
    /// Whoever gives up leaves no copy that becomes a whole disk by itself. Where the store does not answer in time, the marker
    /// of the half upload has to do.
    /// </summary>
    private async Task UndoAsync()
    {
        using var limit = new CancellationTokenSource(UndoLimit, clock);
        try
        {
            BlobProperties now = await FindAsync(limit.Token).ConfigureAwait(false);
            if (now is { CopyState: BlobCopyState.Pending, CopyId: { } id })
            {
                await session.Store.AbortCopyAsync(session.Name, id, session.Held, limit.Token).ConfigureAwait(false);
                now = await FindAsync(limit.Token).ConfigureAwait(false);
            }

            if (now.CopyState is BlobCopyState.Success)
            {
                await ClearFooterAsync(limit.Token).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is TransferException or OperationCanceledException)
        {
            // What the caller gets to know is that the upload ended.
        }
    }

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        TimeSpan wait = FirstWait;
        while (true)
        {
            BlobProperties now = await FindAsync(cancellationToken).ConfigureAwait(false);
            switch (now.CopyState)
            {
                case BlobCopyState.Success:
                    return;
                case BlobCopyState.Pending:
                    meter.Reach(now.CopyBytesDone ?? 0);
                    await Task.Delay(wait, clock, cancellationToken).ConfigureAwait(false);
                    wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;
                    break;
                default:
                    throw new TransferException(
                        ErrorCode.CopyFailed, session.Place.Target,
                        $"The copy of the base image to '{session.Place.Target}' ended as {now.CopyState}: {now.CopyDescription ?? "the service does not say why"}.",
                        "Run the command again.");
            }
        }
    }

    private async Task<BlobProperties> FindAsync(CancellationToken cancellationToken) =>
        await session.Store.FindAsync(session.Name, snapshot: null, cancellationToken).ConfigureAwait(false)
        ?? throw new TransferException(
            ErrorCode.BlobNotFound, session.Place.Target, $"'{session.Place.Target}' was deleted while it was uploaded.",
            "Run the command again.");
}
