namespace AzureVmRole.Disks.Vhdx;

/// <summary>
/// Which place of the file each block of a disk in the making got: places are given out in order. Safe from any thread,
/// as long as one at a time asks for a block. The memory grows with the parts of the disk that are touched.
/// </summary>
internal sealed class VhdxBlockPlaces
{
    private const int BlocksPerSegment = 16 << 10;

    // Place + 1, so that 0 is a block without one.
    private readonly int[]?[] _segments;
    private int _count;

    public VhdxBlockPlaces(long blockCount) =>
        _segments = new int[(blockCount + BlocksPerSegment - 1) / BlocksPerSegment][];

    /// <summary>How many places were given out.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>The block's place, or -1.</summary>
    public long Find(long block)
    {
        int[]? segment = Volatile.Read(ref _segments[block / BlocksPerSegment]);
        return segment is null ? -1 : Volatile.Read(ref segment[block % BlocksPerSegment]) - 1;
    }

    /// <summary>The block's place, the next free one where it has none yet.</summary>
    public long GetOrAdd(long block)
    {
        long place = Find(block);
        if (place >= 0)
        {
            return place;
        }

        ref int[]? slot = ref _segments[block / BlocksPerSegment];
        int[]? segment = Volatile.Read(ref slot);
        if (segment is null)
        {
            int[] made = new int[BlocksPerSegment];
            segment = Interlocked.CompareExchange(ref slot, made, null) ?? made;
        }

        int number = Interlocked.Increment(ref _count);
        Volatile.Write(ref segment[block % BlocksPerSegment], number);
        return number - 1;
    }
}
