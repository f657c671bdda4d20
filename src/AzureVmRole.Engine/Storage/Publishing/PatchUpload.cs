using AzureVmRole.Disks.Copying;

namespace AzureVmRole.Engine.Storage.Publishing;

/// <summary>
/// Changes a copy of the base into the disk: sends only what differs, in units of 4 KiB, and clears what became zeros.
/// </summary>
internal sealed class PatchUpload(UploadSession session, SourceDisk top, SourceDisk lower, TransferMeter meter)
{
    private const int UnitSize = 4096;
    private const int WindowSize = 2 << 20;
    private const int JoinedGap = 16 << 10;

    private readonly Lock _lock = new();
    private readonly List<PageRange> _clears = [];

    /// <summary>Sends the changes.</summary>
    /// <param name="comparesBlob">Whether an earlier attempt may have sent some, so that the blob is asked what it holds.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task RunAsync(bool comparesBlob, CancellationToken cancellationToken)
    {
        using var pool = new BufferPool(UploadBuffers.CountFor(session.Store), 2 * WindowSize);
        await WorkGroup.RunAsync(group => WalkAsync(group, pool, comparesBlob), cancellationToken).ConfigureAwait(false);
        await WorkGroup.RunAsync(
            group =>
            {
                foreach (PageRange range in Joined())
                {
                    group.Start(token => session.ClearAsync(range, token));
                }

                return Task.CompletedTask;
            },
            cancellationToken).ConfigureAwait(false);
        await NoteKeptAsync(cancellationToken).ConfigureAwait(false);
        meter.Reach(top.LengthInBytes);
    }

    /// <summary>What the blob holds now and was not sent came with the base, or with an earlier attempt.</summary>
    private async Task NoteKeptAsync(CancellationToken cancellationToken)
    {
        long held = 0;
        await foreach (PageRange pages in session.Store.ListPageRangesAsync(
            session.Name, snapshot: null, previousSnapshot: null, 0, session.DiskLength, default, cancellationToken).ConfigureAwait(false))
        {
            held += pages.Length;
        }

        session.Tally.NoteKept(Math.Max(0, held - session.Tally.BytesSent));
    }

    private async Task WalkAsync(WorkGroup group, BufferPool pool, bool comparesBlob)
    {
        foreach (PageRange range in new BaseDifference(top, lower).EnumerateLeaves())
        {
            for (long offset = range.Offset; offset < range.End; offset += WindowSize)
            {
                var window = new PageRange(offset, Math.Min(WindowSize, range.End - offset));
                byte[] buffer = await pool.RentAsync(group.Token).ConfigureAwait(false);
                group.Start(async token =>
                {
                    try
                    {
                        await SendAsync(window, buffer, comparesBlob, token).ConfigureAwait(false);
                    }
                    finally
                    {
                        pool.Return(buffer);
                    }
                });
            }
        }
    }

    private async Task SendAsync(PageRange window, byte[] buffer, bool comparesBlob, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        int length = (int)window.Length;
        Memory<byte> wanted = buffer.AsMemory(0, length);
        Memory<byte> old = buffer.AsMemory(WindowSize, length);
        top.Read(window.Offset, wanted.Span);
        lower.Read(window.Offset, old.Span);
        if (comparesBlob && !wanted.Span.SequenceEqual(old.Span))
        {
            await session.ReadAsync(window.Offset, old, cancellationToken).ConfigureAwait(false);
        }

        for (int position = 0; position < length;)
        {
            (int end, bool isZero) = NextRun(wanted.Span, old.Span, ref position);
            if (end == position)
            {
                break;
            }

            var range = new PageRange(window.Offset + position, end - position);
            if (isZero)
            {
                AddClear(range);
            }
            else
            {
                await session.WriteAsync(range.Offset, wanted[position..end], cancellationToken).ConfigureAwait(false);
            }

            position = end;
        }

        meter.Reach(window.End);
    }

    private static ReadOnlySpan<byte> Unit(ReadOnlySpan<byte> data, int position) =>
        data.Slice(position, Math.Min(UnitSize, data.Length - position));

    /// <summary>The next run of changed units: all of zeros, or with data and no long stretch of equal units or zeros in it.</summary>
    private static (int End, bool IsZero) NextRun(ReadOnlySpan<byte> wanted, ReadOnlySpan<byte> old, ref int position)
    {
        int length = wanted.Length;
        while (position < length && Unit(wanted, position).SequenceEqual(Unit(old, position)))
        {
            position = Math.Min(position + UnitSize, length);
        }

        if (position == length)
        {
            return (length, true);
        }

        bool isZero = ZeroScan.IsZero(Unit(wanted, position));
        int end = position;
        for (int next = position; next < length && next - end <= JoinedGap; next += UnitSize)
        {
            bool isChanged = !Unit(wanted, next).SequenceEqual(Unit(old, next));
            bool isSameKind = isChanged && ZeroScan.IsZero(Unit(wanted, next)) == isZero;
            if (isSameKind)
            {
                end = Math.Min(next + UnitSize, length);
            }
            else if (isZero)
            {
                break;
            }
        }

        return (end, isZero);
    }

    private void AddClear(PageRange range)
    {
        lock (_lock)
        {
            _clears.Add(range);
        }
    }

    private IEnumerable<PageRange> Joined()
    {
        PageRange joined = default;
        foreach (PageRange range in _clears.OrderBy(range => range.Offset))
        {
            if (joined.Length > 0 && range.Offset > joined.End)
            {
                yield return joined;
                joined = default;
            }

            joined = joined.Length == 0 ? range : joined with { Length = range.End - joined.Offset };
        }

        if (joined.Length > 0)
        {
            yield return joined;
        }
    }
}
