using System.Collections.Concurrent;
using AzureVmRole.Disks.Copying;
using Xunit;

namespace AzureVmRole.Disks.Tests.Copying;

/// <summary>A target in memory that holds its callers to the rules of <see cref="DiskImageWriter"/>.</summary>
internal sealed class MemoryWriter(byte[] content, int unitSize) : DiskImageWriter
{
    private readonly ConcurrentDictionary<long, int> _inUse = [];
    private int _writers;
    private int _mostWriters;
    private int _longestWrite;

    public byte[] Content => content;

    /// <summary>How many writes were under way at once, at most.</summary>
    public int MostWriters => _mostWriters;

    public int LongestWrite => _longestWrite;

    public override long LengthInBytes => content.Length;

    public override int UnitSizeInBytes => unitSize;

    public override long EstimateFileLength(long dataInBytes) => dataInBytes;

    public override void Write(long diskOffset, ReadOnlySpan<byte> data)
    {
        Assert.Equal(0, diskOffset % 512);
        long unit = diskOffset / unitSize;
        Assert.Equal(unit, (diskOffset + data.Length - 1) / unitSize);
        Assert.True(_inUse.TryAdd(unit, 0), $"Two threads write to unit {unit}.");
        InterlockedMax(ref _mostWriters, Interlocked.Increment(ref _writers));
        InterlockedMax(ref _longestWrite, data.Length);
        data.CopyTo(content.AsSpan((int)diskOffset));
        Interlocked.Decrement(ref _writers);
        _inUse.TryRemove(unit, out _);
    }

    public override void Complete()
    {
        // Memory has no headers.
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen = Volatile.Read(ref target);
        while (value > seen)
        {
            int before = Interlocked.CompareExchange(ref target, value, seen);
            seen = before == seen ? value : before;
        }
    }
}
