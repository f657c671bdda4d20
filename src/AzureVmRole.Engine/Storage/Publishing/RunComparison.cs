using AzureVmRole.Disks.Copying;
using AzureVmRole.Engine.Storage.Content;

namespace AzureVmRole.Engine.Storage.Publishing;

/// <summary>Compares runs of the local disk with what an earlier attempt left in the blob.</summary>
internal sealed class RunComparison(UploadSession session) : IDisposable
{
    private const int PageSize = 512;
    private const int ReadSize = 1 << 20;

    private readonly BufferPool _pool = new(UploadBuffers.CountFor(session.Store), ReadSize);

    /// <summary>The parts of a run that the blob does not hold yet, in whole leaves.</summary>
    /// <param name="run">The run.</param>
    /// <param name="present">The pages that the blob holds inside the run.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="TransferException">The blob holds pages that are neither this disk's nor zeros.</exception>
    public async Task<List<Range>> FindMissingAsync(
        DataRun run, IReadOnlyList<PageRange> present, CancellationToken cancellationToken)
    {
        bool[] isThere = new bool[run.Length / PageSize];
        for (int page = 0; page < isThere.Length; page++)
        {
            isThere[page] = ZeroScan.IsZero(run.Data.Span.Slice(page * PageSize, PageSize));
        }

        byte[] buffer = await _pool.RentAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            foreach (PageRange range in present)
            {
                for (long offset = range.Offset; offset < range.End; offset += ReadSize)
                {
                    Memory<byte> read = buffer.AsMemory(0, (int)Math.Min(ReadSize, range.End - offset));
                    await session.ReadAsync(offset, read, cancellationToken).ConfigureAwait(false);
                    Compare(run, offset, read.Span, isThere);
                }
            }
        }
        finally
        {
            _pool.Return(buffer);
        }

        return MissingLeaves(isThere);
    }

    /// <inheritdoc/>
    public void Dispose() => _pool.Dispose();

    private void Compare(DataRun run, long offset, ReadOnlySpan<byte> blob, bool[] isThere)
    {
        for (int position = 0; position < blob.Length; position += PageSize)
        {
            int inRun = (int)(offset - run.Offset) + position;
            ReadOnlySpan<byte> page = blob.Slice(position, PageSize);
            bool isEqual = page.SequenceEqual(run.Data.Span.Slice(inRun, PageSize));
            if (!isEqual && !ZeroScan.IsZero(page))
            {
                throw OtherDisk(session, $"at offset 0x{offset + position:X} it holds other data");
            }

            isThere[inRun / PageSize] = isEqual;
        }
    }

    internal static TransferException OtherDisk(UploadSession session, string difference) => new(
        ErrorCode.UploadOfOtherDisk, session.Place.Target,
        $"'{session.Place.Target}' is the half upload of another disk than this one: {difference}.",
        "Continue it with the disk that it is of (and the same base image), or add -Overwrite to start anew.");

    private static List<Range> MissingLeaves(bool[] isThere)
    {
        const int PagesPerLeaf = ContentHasher.LeafSize / PageSize;
        var missing = new List<Range>();
        int start = -1;
        for (int page = 0; page < isThere.Length; page += PagesPerLeaf)
        {
            int end = Math.Min(page + PagesPerLeaf, isThere.Length);
            bool isMissing = isThere.AsSpan(page..end).Contains(false);
            if (isMissing && start < 0)
            {
                start = page;
            }
            else if (!isMissing && start >= 0)
            {
                missing.Add((start * PageSize)..(page * PageSize));
                start = -1;
            }
        }

        if (start >= 0)
        {
            missing.Add((start * PageSize)..(isThere.Length * PageSize));
        }

        return missing;
    }
}
