using AzureVmRole.Engine.Storage.Content;
using AzureVmRole.Engine.Storage.Saving;
using Xunit;

namespace AzureVmRole.Engine.Tests.Storage.Saving;

public sealed class DataMapTests
{
    private const int Leaf = ContentHasher.LeafSize;
    private const int PieceSize = 64 * Leaf;

    [Fact]
    public void EnumeratePieces_NothingAdded_None()
    {
        var map = new DataMap((1000L * Leaf) + 512);

        Assert.Empty(map.EnumeratePieces(PieceSize));
        Assert.Equal(0, map.DataLength);
    }

    [Fact]
    public void EnumeratePieces_WholeDisk_CutAtPiecesAndAtTheEnd()
    {
        long length = (130L * Leaf) + 1024;
        var map = new DataMap(length);
        map.Add(0, length);

        Assert.Equal([(0, PieceSize), (PieceSize, PieceSize), (2L * PieceSize, (2 * Leaf) + 1024)], map.EnumeratePieces(PieceSize));
        Assert.Equal(length, map.DataLength);
    }

    [Fact]
    public void Add_SinglePages_TheirLeaves()
    {
        var map = new DataMap(500L * Leaf);
        map.Add(512, 1024);
        map.Add((2 * Leaf) - 512, (2 * Leaf) + 512);
        map.Add((300 * Leaf) + 512, 301 * Leaf);

        Assert.Equal([(0, 3 * Leaf), (300L * Leaf, Leaf)], map.EnumeratePieces(PieceSize));
        Assert.Equal(4 * Leaf, map.DataLength);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void EnumeratePieces_RandomRanges_EveryLeafOnceAndNoOther(int seed)
    {
        var random = new Random(seed);
        const int LeafCount = 1000;
        bool[] expected = new bool[LeafCount];
        var map = new DataMap((long)LeafCount * Leaf);
        for (int index = 0; index < 40; index++)
        {
            int first = random.Next(LeafCount);
            int count = random.Next(1, random.Next(2, 200));
            int end = Math.Min(LeafCount, first + count);
            map.Add(((long)first * Leaf) + random.Next(Leaf / 512), ((long)end * Leaf) - random.Next(Leaf / 512));
            Array.Fill(expected, true, first, end - first);
        }

        bool[] found = new bool[LeafCount];
        foreach ((long offset, int length) in map.EnumeratePieces(PieceSize))
        {
            Assert.Equal(offset / PieceSize, (offset + length - 1) / PieceSize);
            for (int leaf = (int)(offset / Leaf); leaf < (offset + length) / Leaf; leaf++)
            {
                Assert.False(found[leaf]);
                found[leaf] = true;
            }
        }

        Assert.Equal(expected, found);
    }
}
