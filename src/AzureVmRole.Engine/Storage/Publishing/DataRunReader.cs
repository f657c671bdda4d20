using AzureVmRole.Disks.Copying;
using AzureVmRole.Engine.Storage.Content;

namespace AzureVmRole.Engine.Storage.Publishing;

/// <summary>
/// Reads a disk in order and hands on its data in runs of up to 4 MiB; leaves of zeros are left out, except for gaps that a
/// budget fills. Runs start where data starts.
/// </summary>
/// <param name="source">The disk.</param>
/// <param name="pool">Where runs get their buffers.</param>
/// <param name="gaps">What pays for gaps; null fills none.</param>
internal sealed class DataRunReader(SourceDisk source, BufferPool pool, GapBudget? gaps)
{
    /// <summary>The longest run: what one request writes.</summary>
    public const int MaximumRun = 4 << 20;

    /// <summary>What is read at once: small enough to be still in the processor's cache when it is scanned and copied.</summary>
    private const int ReadSize = 512 << 10;

    private readonly byte[] _read = new byte[ReadSize];
    private byte[]? _buffer;
    private long _start;
    private int _length;

    /// <summary>Reads part of the disk.</summary>
    /// <param name="from">Where to start, a multiple of <see cref="ContentHasher.LeafSize"/>.</param>
    /// <param name="to">Where to end, likewise, or the disk's end.</param>
    /// <param name="deliver">Takes each run, and disposes of it.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task ReadAsync(long from, long to, Func<DataRun, Task> deliver, CancellationToken cancellationToken)
    {
        try
        {
            foreach (PageRange range in source.EnumerateLeaves(from).TakeWhile(range => range.Offset < to))
            {
                long end = Math.Min(range.End, to);
                for (long offset = range.Offset; offset < end; offset += ReadSize)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    Memory<byte> piece = _read.AsMemory(0, (int)Math.Min(ReadSize, end - offset));
                    source.Read(offset, piece.Span);
                    await AddAsync(offset, piece, deliver, cancellationToken).ConfigureAwait(false);
                }
            }

            await DeliverAsync(deliver).ConfigureAwait(false);
        }
        finally
        {
            if (_buffer is { } unused)
            {
                _buffer = null;
                pool.Return(unused);
            }
        }
    }

    private async Task AddAsync(long offset, ReadOnlyMemory<byte> piece, Func<DataRun, Task> deliver, CancellationToken cancellationToken)
    {
        int position = 0;
        while (position < piece.Length && ZeroScan.TryNextData(piece.Span, position, out Range found))
        {
            (int from, int length) = found.GetOffsetAndLength(piece.Length);
            position = from + length;
            await AppendAsync(offset + from, piece.Slice(from, length), deliver, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task AppendAsync(long offset, ReadOnlyMemory<byte> data, Func<DataRun, Task> deliver, CancellationToken cancellationToken)
    {
        if (_buffer is not null && !TryReach(offset))
        {
            await DeliverAsync(deliver).ConfigureAwait(false);
        }

        gaps?.NoteData(data.Length);
        while (!data.IsEmpty)
        {
            if (_buffer is null)
            {
                _buffer = await pool.RentAsync(cancellationToken).ConfigureAwait(false);
                _start = offset;
                _length = 0;
            }

            int taken = Math.Min(data.Length, MaximumRun - _length);
            data[..taken].CopyTo(_buffer.AsMemory(_length));
            _length += taken;
            offset += taken;
            data = data[taken..];
            if (_length == MaximumRun)
            {
                await DeliverAsync(deliver).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Brings the run up to where the next data starts, if it lies there or the gap may be filled.</summary>
    private bool TryReach(long offset)
    {
        long gap = offset - (_start + _length);
        if (gap > 0 && (_length + gap >= MaximumRun || gaps?.TryFill(gap) is not true))
        {
            return false;
        }

        _buffer.AsSpan(_length, (int)gap).Clear();
        _length += (int)gap;
        return true;
    }

    private async Task DeliverAsync(Func<DataRun, Task> deliver)
    {
        if (_buffer is { } buffer)
        {
            _buffer = null;
            await deliver(new DataRun(pool, buffer, _start, _length)).ConfigureAwait(false);
        }
    }
}
