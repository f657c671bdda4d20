using AzureVmRole.Disks.Copying;
using AzureVmRole.Engine.Storage.Content;

namespace AzureVmRole.Engine.Storage.Publishing;

/// <summary>
/// Finds out whether the blob already holds the first part of a disk, by the hash that was noted with it: the disk is read
/// here, nothing is read back but the few gaps that were sent as zeros.
/// </summary>
internal sealed class PrefixCheck(UploadSession session, SourceDisk source, BufferPool pool, TransferMeter meter)
{
    private const int ReadSize = 1 << 20;

    private bool _isCovered = true;
    private long _dataLength;

    /// <summary>Takes the prefix into the hash, and tells whether the blob's pages inside it are the ones that are expected.</summary>
    /// <exception cref="TransferException">The noted hash is of another disk.</exception>
    public async Task<bool> IsCertainAsync(ContentHasher hasher, UploadCheckpoint checkpoint, CancellationToken cancellationToken)
    {
        var gaps = new List<PageRange>();
        PageCursor pages = session.OpenPages(0, cancellationToken);
        await using (pages.ConfigureAwait(false))
        {
            await new DataRunReader(source, pool, gaps: null).ReadAsync(
                0, checkpoint.Offset,
                async run =>
                {
                    gaps.AddRange(await pages.TakeAsync(run.Offset).ConfigureAwait(false));
                    List<PageRange> inside = await pages.TakeAsync(run.End).ConfigureAwait(false);
                    _isCovered &= inside.Sum(range => range.Length) == run.Length;
                    _dataLength += run.Length;
                    await LocalContent.AddAsync(hasher, run, meter).ConfigureAwait(false);
                },
                cancellationToken).ConfigureAwait(false);
            gaps.AddRange(await pages.TakeAsync(checkpoint.Offset).ConfigureAwait(false));
        }

        hasher.FoldZerosTo(checkpoint.Offset);
        if (hasher.GetPrefix().Hash != checkpoint.Hash)
        {
            throw RunComparison.OtherDisk(session, $"its first {checkpoint.Offset} bytes have another hash");
        }

        bool isCertain = _isCovered && await AreZeroAsync(gaps, cancellationToken).ConfigureAwait(false);
        if (isCertain)
        {
            session.Tally.NoteKept(_dataLength);
        }

        return isCertain;
    }

    private async Task<bool> AreZeroAsync(List<PageRange> ranges, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[ReadSize];
        foreach (PageRange range in ranges)
        {
            for (long offset = range.Offset; offset < range.End; offset += ReadSize)
            {
                Memory<byte> read = buffer.AsMemory(0, (int)Math.Min(ReadSize, range.End - offset));
                await session.ReadAsync(offset, read, cancellationToken).ConfigureAwait(false);
                if (!ZeroScan.IsZero(read.Span))
                {
                    return false;
                }
            }
        }

        return true;
    }
}
