using AzureVmRole.Engine.Storage.Content;

namespace AzureVmRole.Engine.Storage.Publishing;

/// <summary>
/// Brings a disk's content to a blob: one reader that leaves out zeros, as many senders as the store takes. What an earlier attempt left in the blob is kept where it is right.
/// </summary>
internal sealed class DataUpload(UploadSession session, SourceDisk source, PublishOptions options, TransferMeter meter) : IDisposable
{
    private static readonly TimeSpan CheckpointPeriod = TimeSpan.FromSeconds(10);

    private readonly BufferPool _pool = new(
        UploadBuffers.CountFor(session.Store, options.Connection.NumberOfThreads), DataRunReader.MaximumRun);

    private readonly RunComparison _comparison = new(session);
    private ContentHasher _hasher = new(source.LengthInBytes);
    private long _checkpointTime = options.Clock.GetTimestamp();
    private long _checkpoint;

    /// <summary>Uploads everything.</summary>
    /// <returns>The content hash of the disk.</returns>
    /// <exception cref="TransferException">The half upload in the blob is of another disk, or the store refuses.</exception>
    public async Task<string> RunAsync(CancellationToken cancellationToken)
    {
        if (session.IsResumed)
        {
            _checkpoint = await FindStartAsync(cancellationToken).ConfigureAwait(false);
            PageCursor pages = session.OpenPages(_checkpoint, cancellationToken);
            await using (pages.ConfigureAwait(false))
            {
                await SendAsync(_checkpoint, pages, cancellationToken).ConfigureAwait(false);
            }
        }
        else
        {
            await SendAsync(0, pages: null, cancellationToken).ConfigureAwait(false);
        }

        meter.Reach(source.LengthInBytes);
        return _hasher.Finish();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _comparison.Dispose();
        _pool.Dispose();
    }

    private async Task<long> FindStartAsync(CancellationToken cancellationToken)
    {
        if (UploadCheckpoint.Find(session.Marker, source.LengthInBytes) is not { } checkpoint)
        {
            return 0;
        }

        var check = new PrefixCheck(session, source, _pool, meter);
        if (await check.IsCertainAsync(_hasher, checkpoint, cancellationToken).ConfigureAwait(false))
        {
            return checkpoint.Offset;
        }

        _hasher = new ContentHasher(source.LengthInBytes);
        return 0;
    }

    private Task SendAsync(long from, PageCursor? pages, CancellationToken cancellationToken) => WorkGroup.RunAsync(
        async group =>
        {
            var reader = new DataRunReader(source, _pool, new GapBudget());
            await reader.ReadAsync(
                from, source.LengthInBytes, run => DeliverAsync(group, run, pages), group.Token).ConfigureAwait(false);
            if (pages is not null)
            {
                StartClearing(group, await pages.TakeAsync(source.LengthInBytes).ConfigureAwait(false));
            }
        },
        cancellationToken);

    private async Task DeliverAsync(WorkGroup group, DataRun run, PageCursor? pages)
    {
        ContentPiece piece = _hasher.Announce(run.Offset, run.Length);
        List<PageRange> present = [];
        if (pages is not null)
        {
            StartClearing(group, await pages.TakeAsync(run.Offset).ConfigureAwait(false));
            present = await pages.TakeAsync(run.End).ConfigureAwait(false);
        }

        group.Start(token => SendAsync(run, piece, present, token));
        if (options.Clock.GetElapsedTime(_checkpointTime) >= CheckpointPeriod)
        {
            await NoteCheckpointAsync(group.Token).ConfigureAwait(false);
        }
    }

    private void StartClearing(WorkGroup group, List<PageRange> ranges)
    {
        foreach (PageRange range in ranges)
        {
            group.Start(token => session.ClearAsync(range, token));
        }
    }

    private async Task SendAsync(DataRun run, ContentPiece piece, List<PageRange> present, CancellationToken cancellationToken)
    {
        using (run)
        {
            piece.Take(run.Leaves);
            if (present.Count == 0)
            {
                await session.WriteAsync(run.Offset, run.Data, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await SendMissingAsync(run, present, cancellationToken).ConfigureAwait(false);
            }
        }

        piece.Complete();
        _hasher.Fold();
        meter.Reach(run.End);
    }

    private async Task SendMissingAsync(DataRun run, List<PageRange> present, CancellationToken cancellationToken)
    {
        int kept = run.Length;
        foreach (Range part in await _comparison.FindMissingAsync(run, present, cancellationToken).ConfigureAwait(false))
        {
            (int start, int length) = part.GetOffsetAndLength(run.Length);
            await session.WriteAsync(run.Offset + start, run.Data.Slice(start, length), cancellationToken).ConfigureAwait(false);
            kept -= length;
        }

        session.Tally.NoteKept(kept);
    }

    private async Task NoteCheckpointAsync(CancellationToken cancellationToken)
    {
        (long offset, string hash) = _hasher.GetPrefix();
        if (offset > _checkpoint)
        {
            await session.NoteCheckpointAsync(offset, hash, cancellationToken).ConfigureAwait(false);
            _checkpoint = offset;
        }

        _checkpointTime = options.Clock.GetTimestamp();
    }
}
