using AzureVmRole.Engine.Storage.Content;
using AzureVmRole.Engine.Tests.Storage.Publishing;
using Xunit;

namespace AzureVmRole.Engine.Tests.Storage.Content;

/// <summary>The hash against its definition, whatever order pieces are completed in.</summary>
public sealed class ContentHasherTests
{
    private const int Leaf = ContentHasher.LeafSize;

    [Fact]
    public void Finish_KnownDisk_KnownHash()
    {
        var hasher = new ContentHasher(1 << 20);

        Assert.Equal("b660f237dd34b21a700910def89c893d", hasher.Finish());
    }

    [Theory]
    [InlineData(512)]
    [InlineData(Leaf)]
    [InlineData(Leaf + 512)]
    [InlineData(ContentHasher.SpanSize)]
    [InlineData(ContentHasher.SpanSize + 512)]
    [InlineData((3 * ContentHasher.SpanSize) + Leaf)]
    public void Finish_NothingAnnounced_HashOfZeros(int length)
    {
        var hasher = new ContentHasher(length);

        Assert.Equal(NaiveContentHash.Of(new byte[length]), hasher.Finish());
    }

    [Fact]
    public void Finish_AnyContentInAnyOrder_HashOfTheDefinition()
    {
        for (int seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            byte[] content = new byte[512 * random.Next(1, 24_000)];
            var hasher = new ContentHasher(content.Length);
            List<ContentPiece> pieces = AnnounceRandomly(random, content, hasher);
            foreach (ContentPiece piece in pieces.OrderBy(_ => random.Next()).ToList())
            {
                piece.Hash(content.AsSpan((int)piece.Offset, piece.Length));
                piece.Complete();
                hasher.Fold();
                (long offset, string hash) = hasher.GetPrefix();
                Assert.Equal(NaiveContentHash.Of(content.AsSpan(0, (int)offset), content.Length, offset), hash);
            }

            Assert.Equal(NaiveContentHash.Of(content), hasher.Finish());
        }
    }

    [Fact]
    public async Task Fold_FromManyThreads_HashOfTheDefinition()
    {
        var random = new Random(7);
        byte[] content = new byte[40 << 20];
        var hasher = new ContentHasher(content.Length);
        List<ContentPiece> pieces = AnnounceRandomly(random, content, hasher);

        await Parallel.ForEachAsync(pieces, TestContext.Current.CancellationToken, (piece, _) =>
        {
            piece.Hash(content.AsSpan((int)piece.Offset, piece.Length));
            piece.Complete();
            hasher.Fold();
            return ValueTask.CompletedTask;
        });

        Assert.Equal(NaiveContentHash.Of(content), hasher.Finish());
    }

    [Fact]
    public void GetPrefix_ZerosUpToAnOffset_CountsThem()
    {
        byte[] content = new byte[4 * ContentHasher.SpanSize];
        var hasher = new ContentHasher(content.Length);

        hasher.FoldZerosTo(2 * ContentHasher.SpanSize);

        Assert.Equal(
            (2L * ContentHasher.SpanSize, NaiveContentHash.Of(content.AsSpan(0, 2 * ContentHasher.SpanSize), content.Length, 2 * ContentHasher.SpanSize)),
            hasher.GetPrefix());
    }

    [Fact]
    public void Finish_PieceNotCompleted_Throws()
    {
        var hasher = new ContentHasher(Leaf);
        hasher.Announce(0, Leaf);

        Assert.Throws<InvalidOperationException>(hasher.Finish);
    }

    [Theory]
    [InlineData(512, 512)]
    [InlineData(0, (2 * Leaf) + 1)]
    public void Announce_OffLeavesOrBeyondTheEnd_Throws(long offset, int length)
    {
        var hasher = new ContentHasher(2 * Leaf);

        Assert.Throws<ArgumentOutOfRangeException>(() => hasher.Announce(offset, length));
    }

    [Fact]
    public void Announce_BackwardsOrTwice_Throws()
    {
        var hasher = new ContentHasher(2 * Leaf);
        hasher.Announce(0, Leaf);

        Assert.Throws<ArgumentOutOfRangeException>(() => hasher.Announce(0, Leaf));
    }

    private static List<ContentPiece> AnnounceRandomly(Random random, byte[] content, ContentHasher hasher)
    {
        var pieces = new List<ContentPiece>();
        for (long offset = 0; offset < content.Length;)
        {
            int length = (int)Math.Min(Leaf * random.Next(1, 80), content.Length - offset);
            if (random.Next(2) == 0)
            {
                random.NextBytes(content.AsSpan((int)offset, length));
                pieces.Add(hasher.Announce(offset, length));
            }

            offset += length;
        }

        return pieces;
    }
}
