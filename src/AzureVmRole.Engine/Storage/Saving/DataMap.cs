using System.Numerics;
using AzureVmRole.Engine.Storage.Content;
using AzureVmRole.Engine.Storage.Inspection;

namespace AzureVmRole.Engine.Storage.Saving;

/// <summary>
/// Which leaves of a disk (<see cref="ContentHasher.LeafSize"/>) hold written pages: a bit each, so that the largest page blob
/// there is (8 TiB) takes 16 MiB, however its pages are scattered.
/// </summary>
internal sealed class DataMap
{
    private const int LeafSize = ContentHasher.LeafSize;
    private const int BitsPerWord = 64;

    private readonly ulong[] _words;

    public DataMap(long diskLength)
    {
        DiskLength = diskLength;
        LeafCount = (diskLength + LeafSize - 1) / LeafSize;
        _words = new ulong[(LeafCount + BitsPerWord - 1) / BitsPerWord];
    }

    /// <summary>The virtual size in bytes.</summary>
    public long DiskLength { get; }

    /// <summary>How many bytes lie in leaves that hold data; the most that a sparse copy occupies.</summary>
    public long DataLength => Math.Min(DiskLength, _words.Sum(word => (long)BitOperations.PopCount(word)) * LeafSize);

    private long LeafCount { get; }

    /// <summary>Asks the store; the footer is left out.</summary>
    public static async Task<DataMap> ReadAsync(StoredDisk source, CancellationToken cancellationToken)
    {
        var map = new DataMap(source.DiskLength);
        await foreach (PageRange range in source.Store.ListPageRangesAsync(
            source.Blob.Name, source.Blob.Snapshot, null, 0, source.DiskLength, source.Unchanged, cancellationToken).ConfigureAwait(false))
        {
            if (!range.IsClear)
            {
                map.Add(range.Offset, Math.Min(range.End, source.DiskLength));
            }
        }

        return map;
    }

    /// <summary>Marks the leaves that a range touches.</summary>
    public void Add(long start, long end)
    {
        for (long leaf = start / LeafSize; leaf * LeafSize < end;)
        {
            int bit = (int)(leaf % BitsPerWord);
            if (bit == 0 && end - (leaf * LeafSize) >= (long)BitsPerWord * LeafSize)
            {
                _words[leaf / BitsPerWord] = ulong.MaxValue;
                leaf += BitsPerWord;
                continue;
            }

            _words[leaf / BitsPerWord] |= 1UL << bit;
            leaf++;
        }
    }

    /// <summary>The runs of marked leaves, in order, cut at multiples of <paramref name="pieceSize"/>.</summary>
    /// <param name="pieceSize">The longest run in bytes, a multiple of the leaf's size.</param>
    public IEnumerable<(long Offset, int Length)> EnumeratePieces(int pieceSize)
    {
        for (long leaf = FindFrom(0, isMarked: true); leaf < LeafCount;)
        {
            long start = leaf * LeafSize;
            long limit = Math.Min(LeafCount, ((start / pieceSize) + 1) * (pieceSize / LeafSize));
            long next = Math.Min(FindFrom(leaf, isMarked: false), limit);
            yield return (start, (int)(Math.Min(next * LeafSize, DiskLength) - start));
            leaf = FindFrom(next, isMarked: true);
        }
    }

    /// <summary>The first leaf from one on that is marked, or is not; the number of leaves where there is none.</summary>
    private long FindFrom(long leaf, bool isMarked)
    {
        while (leaf < LeafCount)
        {
            ulong word = _words[leaf / BitsPerWord];
            ulong rest = (isMarked ? word : ~word) >> (int)(leaf % BitsPerWord);
            if (rest != 0)
            {
                return Math.Min(LeafCount, leaf + BitOperations.TrailingZeroCount(rest));
            }

            leaf = ((leaf / BitsPerWord) + 1) * BitsPerWord;
        }

        return LeafCount;
    }
}
