namespace AzureVmRole.Disks.Vhdx;

/// <summary>A large set of numbers, one bit each, in segments made when first touched. Safe from any thread.</summary>
internal sealed class BitSegments
{
    private const int BitsPerWord = 64;
    private const int WordsPerSegment = 4096;
    private const long BitsPerSegment = (long)BitsPerWord * WordsPerSegment;

    private readonly ulong[]?[] _segments;

    public BitSegments(long capacity) => _segments = new ulong[(capacity + BitsPerSegment - 1) / BitsPerSegment][];

    public bool Contains(long number)
    {
        ulong[]? segment = Volatile.Read(ref _segments[number / BitsPerSegment]);
        return segment is not null && (Volatile.Read(ref segment[WordIndex(number)]) & Mask(number)) != 0;
    }

    /// <summary>Adds a number; false when it was there.</summary>
    public bool Add(long number)
    {
        ulong[] segment = Segment(number / BitsPerSegment);
        return (Interlocked.Or(ref segment[WordIndex(number)], Mask(number)) & Mask(number)) == 0;
    }

    /// <summary>Adds consecutive numbers; false when one of them was there.</summary>
    public bool AddRange(long first, long count)
    {
        bool allNew = true;
        long end = first + count;
        while (first < end)
        {
            int from = (int)(first % BitsPerWord);
            int bits = (int)Math.Min(BitsPerWord - from, end - first);
            ulong mask = (bits == BitsPerWord ? ulong.MaxValue : (1UL << bits) - 1) << from;
            ulong[] segment = Segment(first / BitsPerSegment);
            allNew &= (Interlocked.Or(ref segment[WordIndex(first)], mask) & mask) == 0;
            first += bits;
        }

        return allNew;
    }

    private static int WordIndex(long number) => (int)(number % BitsPerSegment / BitsPerWord);

    private static ulong Mask(long number) => 1UL << (int)(number % BitsPerWord);

    private ulong[] Segment(long index)
    {
        ulong[]? segment = Volatile.Read(ref _segments[index]);
        if (segment is null)
        {
            ulong[] made = new ulong[WordsPerSegment];
            segment = Interlocked.CompareExchange(ref _segments[index], made, null) ?? made;
        }

        return segment;
    }
}
