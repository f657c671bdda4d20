using System.Buffers;
using AzureVmRole.Disks.Files;

namespace AzureVmRole.Disks.Copying;

/// <summary>
/// Copies the content of a disk into a new image: only what holds data, several units at once. Memory is bounded by the
/// number of workers times the piece size.
/// </summary>
public sealed class DiskCopier
{
    private readonly VirtualDisk _source;
    private readonly DiskImageWriter _target;
    private readonly CopyOptions _options;
    private readonly IProgress<TransferProgress>? _progress;
    private readonly UnitQueue _units;
    private readonly FileCloner _cloner = new();
    private long _reached;

    /// <summary>Prepares a copy; a target that is smaller than the source gets the first part of it.</summary>
    public DiskCopier(
        VirtualDisk source, DiskImageWriter target, CopyOptions options, IProgress<TransferProgress>? progress)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Parallelism, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.PieceSizeInBytes, nameof(options));
        _source = source;
        _target = target;
        _options = options;
        _progress = progress;
        long length = Math.Min(source.LengthInBytes, target.LengthInBytes);
        IEnumerable<DiskExtent> extents = options.WritesZeros
            ? source.EnumerateExtents(0, length).Where(extent => extent.Kind != ExtentKind.Zero)
            : source.EnumerateDataExtents(0, length);
        _units = new UnitQueue(extents, target.UnitSizeInBytes);
    }

    /// <summary>Copies everything.</summary>
    /// <exception cref="DiskFormatException">The source turned out to be wrong.</exception>
    /// <exception cref="DiskOperationException">The operating system could not read or write.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task CopyAsync(CancellationToken cancellationToken)
    {
        await WorkGroup.RunAsync(
            group =>
            {
                for (int worker = 0; worker < _options.Parallelism; worker++)
                {
                    group.Start(Work);
                }

                return Task.CompletedTask;
            },
            cancellationToken).ConfigureAwait(false);
        Report(_target.LengthInBytes);
    }

    private Task Work(CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(_options.PieceSizeInBytes);
        var unit = new List<DiskExtent>();
        try
        {
            while (_units.TryTake(unit, out long copied))
            {
                foreach (DiskExtent extent in unit)
                {
                    CopyExtent(extent, buffer.AsSpan(0, _options.PieceSizeInBytes), cancellationToken);
                }

                Report(copied);
            }

            return Task.CompletedTask;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void CopyExtent(DiskExtent extent, Span<byte> buffer, CancellationToken cancellationToken)
    {
        if (extent.File is { } file && _target.GetFixedPlace(extent.DiskOffset) is { } place)
        {
            FileRange shared = _cloner.Clone(new FilePlace(file, extent.FileOffset), place, extent.Length);
            if (shared.Length > 0)
            {
                long before = shared.Offset - extent.FileOffset;
                CopyBytes(extent.Slice(extent.DiskOffset, before), buffer, cancellationToken);
                long after = extent.DiskOffset + before + shared.Length;
                CopyBytes(extent.Slice(after, extent.End - after), buffer, cancellationToken);
                return;
            }
        }

        CopyBytes(extent, buffer, cancellationToken);
    }

    private void CopyBytes(DiskExtent extent, Span<byte> buffer, CancellationToken cancellationToken)
    {
        for (long offset = extent.DiskOffset; offset < extent.End;)
        {
            cancellationToken.ThrowIfCancellationRequested();

            // Pieces end on multiples of the piece size, so that zero units and pages line up with the disk's.
            long pieceEnd = Math.Min(extent.End, (offset / buffer.Length * buffer.Length) + buffer.Length);
            Span<byte> piece = buffer[..(int)(pieceEnd - offset)];
            _source.ReadExtent(extent.Slice(offset, piece.Length), piece);
            if (_options.WritesZeros)
            {
                _target.Write(offset, piece);
            }
            else
            {
                WriteData(offset, piece);
            }

            offset = pieceEnd;
        }
    }

    private void WriteData(long offset, ReadOnlySpan<byte> piece)
    {
        int position = 0;
        while (position < piece.Length && ZeroScan.TryNextData(piece, position, out Range run))
        {
            (int from, int length) = run.GetOffsetAndLength(piece.Length);
            _target.Write(offset + from, piece.Slice(from, length));
            position = from + length;
        }
    }

    /// <summary>Workers finish units out of order; what is reported only grows.</summary>
    private void Report(long bytesDone)
    {
        if (_progress is null)
        {
            return;
        }

        long reached = Volatile.Read(ref _reached);
        while (bytesDone > reached)
        {
            long seen = Interlocked.CompareExchange(ref _reached, bytesDone, reached);
            if (seen == reached)
            {
                _progress.Report(new TransferProgress(
                    _options.Activity, Math.Min(bytesDone, _target.LengthInBytes), _target.LengthInBytes));
                return;
            }

            reached = seen;
        }
    }
}
