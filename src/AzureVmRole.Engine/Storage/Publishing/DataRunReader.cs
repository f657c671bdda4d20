using AzureVmRole.Disks.Copying;
using AzureVmRole.Engine.Storage.Content;

namespace AzureVmRole.Engine.Storage.Publishing;

/// <summary>
/// Reads a disk in order, hashes it, and hands on its data in runs of up to 4 MiB; leaves of zeros are left out, except for gaps that a
/// budget fills. Runs start where data starts.
/// </summary>
/// <param name="source">The disk.</param>
/// <param name="pool">Where runs get their buffers.</param>
/// <param name="gaps">What pays for gaps; null fills none.</param>
internal sealed class DataRunReader(SourceDisk source, BufferPool pool, GapBudget? gaps)
{
    /// <summary>The longest run: what one request writes.</summary>
    public const int MaximumRun = 4 << 20;

    /// <summary>What is read at once: small enough to be still in the processor's cache when it is scanned.</summary>
    private const int ReadSize = 512 << 10;

    private readonly List<byte[]> _leaves = new(MaximumRun / ContentHasher.LeafSize);
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
                for (long offset = range.Offset; offset < end;)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    offset += await ReadPieceAsync(offset, end, deliver, cancellationToken).ConfigureAwait(false);
                }
            }

            if (_length > 0)
            {
                await deliver(TakeRun(null)).ConfigureAwait(false);
            }
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

    /// <summary>Reads a piece to where it belongs if it continues the run, and adds its data to this run or the next ones.</summary>
    /// <returns>The length of the piece.</returns>
    private async Task<int> ReadPieceAsync(long offset, long end, Func<DataRun, Task> deliver, CancellationToken cancellationToken)
    {
        if (_length > 0 && offset - _start >= MaximumRun)
        {
            await deliver(TakeRun(null)).ConfigureAwait(false);
        }

        _buffer ??= await pool.RentAsync(cancellationToken).ConfigureAwait(false);
        _start = _length == 0 ? offset : _start;
        int place = (int)(offset - _start);
        int length = (int)Math.Min(Math.Min(ReadSize, MaximumRun - place), end - offset);
        source.Read(offset, _buffer.AsSpan(place, length));
        for (int position = 0; ZeroScan.TryNextData(_buffer.AsSpan(place + position, length - position), 0, out Range found);)
        {
            (int skipped, int data) = found.GetOffsetAndLength(length - position);
            position += skipped;
            if (!TryReach(offset + position))
            {
                await BeginAsync(offset + position, place + position, length - position, deliver, cancellationToken).ConfigureAwait(false);
                place = -position;
            }

            gaps?.NoteData(data);
            AddLeaves(data);
            position += data;
        }

        if (_length == MaximumRun)
        {
            await deliver(TakeRun(null)).ConfigureAwait(false);
        }

        return length;
    }

    /// <summary>Brings the run up to where the next data starts, if it lies there or the gap may be filled.</summary>
    private bool TryReach(long offset)
    {
        long gap = offset - (_start + _length);
        if (gap > 0 && (_length == 0 || gaps?.TryFill(gap) is not true))
        {
            return false;
        }

        _buffer.AsSpan(_length, (int)gap).Clear();
        AddLeaves((int)gap);
        return true;
    }

    /// <summary>Lengthens the run by what is in the buffer, and hashes it while the processor's cache has it.</summary>
    private void AddLeaves(int length)
    {
        for (int end = _length + length; _length < end;)
        {
            int leaf = Math.Min(ContentHasher.LeafSize, end - _length);
            _leaves.Add(ContentHasher.HashLeaf(_buffer.AsSpan(_length, leaf)));
            _length += leaf;
        }
    }

    /// <summary>Begins a run with what was read to a place in the buffer of the run before.</summary>
    private async Task BeginAsync(long offset, int place, int length, Func<DataRun, Task> deliver, CancellationToken cancellationToken)
    {
        Memory<byte> read = _buffer.AsMemory(place, length);
        if (_length == 0)
        {
            read.CopyTo(_buffer);
            _start = offset;
            return;
        }

        byte[] next = await pool.RentAsync(cancellationToken).ConfigureAwait(false);
        read.CopyTo(next);
        DataRun run = TakeRun(next);
        _start = offset;
        await deliver(run).ConfigureAwait(false);
    }

    /// <summary>The run as it is; the reader goes on with another buffer, or none.</summary>
    private DataRun TakeRun(byte[]? next)
    {
        var run = new DataRun(pool, _buffer!, _start, _length, [.. _leaves]);
        _leaves.Clear();
        _buffer = next;
        _length = 0;
        return run;
    }
}
