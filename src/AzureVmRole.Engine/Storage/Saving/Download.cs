using System.Buffers;
using AzureVmRole.Engine.Storage.Content;
using AzureVmRole.Engine.Storage.Inspection;

namespace AzureVmRole.Engine.Storage.Saving;

/// <summary>
/// Brings the data of a disk into a sparse file: several workers each take the next piece, read it, hash it and write it.
/// Memory is bounded by the number of workers times the piece size.
/// </summary>
internal sealed class Download : IDisposable
{
    /// <summary>
    /// The most that one request reads, in bytes. Azurite makes an MD5 of every answer up to 4 MiB, which doubles what it costs;
    /// longer requests than this gain nothing more, and lose more when they are cut.
    /// </summary>
    public const int PieceSize = 8 << 20;

    /// <summary>Keeps the buffers below 100 MiB.</summary>
    private const int MostWorkers = 12;

    private readonly Lock _lock = new();
    private readonly StoredDisk _source;
    private readonly PartialDisk _partial;
    private readonly IProgress<TransferProgress>? _progress;
    private readonly IEnumerator<(long Offset, int Length)> _pieces;
    private readonly ContentHasher _hasher;
    private long _reached;
    private long _bytesKept;
    private long _bytesRead;

    public Download(StoredDisk source, DataMap map, PartialDisk partial, IProgress<TransferProgress>? progress)
    {
        _source = source;
        _partial = partial;
        _progress = progress;
        _pieces = map.EnumeratePieces(PieceSize).GetEnumerator();
        _hasher = new ContentHasher(source.DiskLength);
    }

    /// <summary>How many bytes an earlier run had downloaded.</summary>
    public long BytesKept => Volatile.Read(ref _bytesKept);

    /// <summary>How many bytes this run has downloaded.</summary>
    public long BytesRead => Volatile.Read(ref _bytesRead);

    /// <summary>Downloads everything that is not there yet.</summary>
    /// <returns>The content hash of what the file holds now.</returns>
    /// <exception cref="TransferException">The store refuses, or the blob was changed.</exception>
    /// <exception cref="DiskOperationException">The file could not be written.</exception>
    public async Task<string> RunAsync(CancellationToken cancellationToken)
    {
        int workers = Math.Clamp(_source.Store.Concurrency.Maximum, 1, MostWorkers);
        await WorkGroup.RunAsync(
            group =>
            {
                for (int index = 0; index < workers; index++)
                {
                    group.Start(WorkAsync);
                }

                return Task.CompletedTask;
            },
            cancellationToken).ConfigureAwait(false);
        Report(_source.DiskLength);
        return _hasher.Finish();
    }

    /// <inheritdoc/>
    public void Dispose() => _pieces.Dispose();

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(PieceSize);
        try
        {
            while (TryAnnounce() is { } piece)
            {
                cancellationToken.ThrowIfCancellationRequested();
                await BringAsync(piece, buffer.AsMemory(0, piece.Length), cancellationToken).ConfigureAwait(false);
                piece.Complete();
                _hasher.Fold();
                Report(piece.Offset + piece.Length);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private ContentPiece? TryAnnounce()
    {
        lock (_lock)
        {
            return _pieces.MoveNext() ? _hasher.Announce(_pieces.Current.Offset, _pieces.Current.Length) : null;
        }
    }

    private async Task BringAsync(ContentPiece piece, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (_partial.TryTake(piece, buffer.Span))
        {
            Interlocked.Add(ref _bytesKept, piece.Length);
            return;
        }

        ConcurrencyLimit limit = _source.Store.Concurrency;
        await limit.AcquireAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await _source.Store.ReadAsync(
                _source.Blob.Name, _source.Blob.Snapshot, piece.Offset, buffer, _source.Unchanged, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            limit.Release();
        }

        Interlocked.Add(ref _bytesRead, piece.Length);
        piece.Hash(buffer.Span);
        _partial.Write(piece, buffer.Span);
    }

    /// <summary>Workers finish pieces out of order; what is reported only grows.</summary>
    private void Report(long bytesDone)
    {
        if (_progress is null)
        {
            return;
        }

        lock (_lock)
        {
            if (bytesDone <= _reached)
            {
                return;
            }

            _reached = bytesDone;
        }

        _progress.Report(new TransferProgress("Downloading disk", bytesDone, _source.DiskLength));
    }
}
