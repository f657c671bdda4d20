using AzureVmRole.Engine.Storage.Content;

namespace AzureVmRole.Engine.Storage.Publishing;

/// <summary>Reads back what a blob holds.</summary>
internal static class BlobContent
{
    /// <summary>Checks that the blob holds the disk with this hash.</summary>
    /// <exception cref="TransferException">It holds something else.</exception>
    public static async Task RequireAsync(
        UploadSession session, string expected, TransferMeter meter, CancellationToken cancellationToken)
    {
        string found = await HashAsync(session, meter, cancellationToken).ConfigureAwait(false);
        if (found != expected)
        {
            throw new TransferException(
                ErrorCode.ContentHashMismatch, session.Place.Target,
                $"What was read back from '{session.Place.Target}' has the content hash {found}, expected {expected}.",
                "Run the command again with -Overwrite. If it happens again, look for what changes data on the way.");
        }
    }

    private static async Task<string> HashAsync(UploadSession session, TransferMeter meter, CancellationToken cancellationToken)
    {
        var hasher = new ContentHasher(session.DiskLength);
        using var pool = new BufferPool(UploadBuffers.CountFor(session.Store), DataRunReader.MaximumRun);
        await WorkGroup.RunAsync(
            async group =>
            {
                await foreach (PageRange leaves in EnumerateLeavesAsync(session, group.Token).ConfigureAwait(false))
                {
                    byte[] buffer = await pool.RentAsync(group.Token).ConfigureAwait(false);
                    ContentPiece piece = hasher.Announce(leaves.Offset, (int)leaves.Length);
                    group.Start(async token =>
                    {
                        try
                        {
                            await HashAsync(session, piece, buffer.AsMemory(0, piece.Length), token).ConfigureAwait(false);
                        }
                        finally
                        {
                            pool.Return(buffer);
                        }

                        hasher.Fold();
                        meter.Reach(leaves.End);
                    });
                }
            },
            cancellationToken).ConfigureAwait(false);
        return hasher.Finish();
    }

    private static async Task HashAsync(UploadSession session, ContentPiece piece, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        await session.ReadAsync(piece.Offset, buffer, cancellationToken).ConfigureAwait(false);
        piece.Hash(buffer.Span);
        piece.Complete();
    }

    /// <summary>The leaves that hold pages, in order, in runs that one request reads.</summary>
    private static async IAsyncEnumerable<PageRange> EnumerateLeavesAsync(
        UploadSession session, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long reached = 0;
        await foreach (PageRange pages in session.Store.ListPageRangesAsync(
            session.Name, snapshot: null, previousSnapshot: null, 0, session.DiskLength, default, cancellationToken).ConfigureAwait(false))
        {
            long offset = Math.Max(reached, pages.Offset / ContentHasher.LeafSize * ContentHasher.LeafSize);
            long end = Math.Min(
                session.DiskLength, (pages.End + ContentHasher.LeafSize - 1) / ContentHasher.LeafSize * ContentHasher.LeafSize);
            for (; offset < end; offset = reached)
            {
                reached = Math.Min(end, offset + DataRunReader.MaximumRun);
                yield return new PageRange(offset, reached - offset);
            }
        }
    }
}
