using AzureVmRole.Disks;
using AzureVmRole.Engine.Storage.Content;
using AzureVmRole.Engine.Storage.Publishing;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Engine.Tests.Storage.Publishing;

/// <summary>Runs against the disk that they were read from, and what becomes of their buffers.</summary>
public sealed class DataRunReaderTests
{
    private const int Leaf = ContentHasher.LeafSize;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task ReadAsync_AnyDiskAndPartOfIt_RunsHoldItsDataInOrder()
    {
        using var folder = new TemporaryFolder();
        for (int seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            byte[] content = MakeContent(random);
            string path = folder.File($"{seed}.raw");
            await File.WriteAllBytesAsync(path, content, Token);
            using VirtualDisk disk = VirtualDiskFile.Open(path);
            var source = new SourceDisk(disk);
            Array.Resize(ref content, (int)source.LengthInBytes);
            int from = random.Next(content.Length / Leaf) * Leaf;
            int to = random.Next(2) == 0 ? content.Length : random.Next(from / Leaf, content.Length / Leaf) * Leaf;
            using var pool = new BufferPool(2, DataRunReader.MaximumRun);

            await SpoilAsync(pool);
            byte[] read = await ReadAsync(source, pool, random.Next(2) == 0 ? null : new GapBudget(), (from, to));

            Assert.True(content.AsSpan(from, to - from).SequenceEqual(read), $"Seed {seed}: {from} to {to} of {content.Length}");
            await AssertAllAreBackAsync(pool);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task ReadAsync_DeliveryFailsOrIsGivenUp_BuffersAreBack()
    {
        using var folder = new TemporaryFolder();
        byte[] content = new byte[24 << 20];
        new Random(1).NextBytes(content);
        content.AsSpan(9 << 20, 1 << 20).Clear();
        await File.WriteAllBytesAsync(folder.File("disk.raw"), content, Token);
        using VirtualDisk disk = VirtualDiskFile.Open(folder.File("disk.raw"));
        var source = new SourceDisk(disk);
        using var pool = new BufferPool(2, DataRunReader.MaximumRun);
        for (int last = 1; last <= 7; last++)
        {
            int runs = 0;
            await Assert.ThrowsAsync<IOException>(() => new DataRunReader(source, pool, gaps: null).ReadAsync(
                0, source.LengthInBytes,
                run =>
                {
                    run.Dispose();
                    return ++runs < last ? Task.CompletedTask : throw new IOException("Enough.");
                },
                Token));
            Assert.Equal(last, runs);
            await AssertAllAreBackAsync(pool);
        }

        // Nobody gives a run back: the reader waits for a buffer until it is stopped, and keeps none.
        using var stop = new CancellationTokenSource();
        var held = new List<DataRun>();
        Task stuck = new DataRunReader(source, pool, gaps: null).ReadAsync(
            0, source.LengthInBytes,
            run =>
            {
                held.Add(run);
                return Task.CompletedTask;
            },
            stop.Token);
        Assert.Equal((2, false), (held.Count, stuck.IsCompleted));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stuck);
        held.ForEach(run => run.Dispose());
        await AssertAllAreBackAsync(pool);
    }

    /// <summary>What the runs hold, zeros between them, after each was compared with the rules.</summary>
    private static async Task<byte[]> ReadAsync(SourceDisk source, BufferPool pool, GapBudget? gaps, (int From, int To) part)
    {
        byte[] read = new byte[part.To - part.From];
        long reached = part.From;
        await new DataRunReader(source, pool, gaps).ReadAsync(
            part.From, part.To,
            run =>
            {
                using (run)
                {
                    Assert.True(run.Offset >= reached && run.End <= part.To && run.Length is > 0 and <= DataRunReader.MaximumRun);
                    Assert.Equal(0, run.Offset % Leaf);
                    Assert.Equal(run.Data.ToArray().Chunk(Leaf).Select(leaf => ContentHasher.HashLeaf(leaf)), run.Leaves);
                    Assert.False(ContentHasher.IsZeroLeaf(run.Leaves[0]) || ContentHasher.IsZeroLeaf(run.Leaves[^1]));
                    run.Data.CopyTo(read.AsMemory((int)(run.Offset - part.From)));
                    reached = run.End;
                }

                return Task.CompletedTask;
            },
            Token);
        return read;
    }

    /// <summary>Stretches of zeros and of data, in leaves, with a few sectors at the end.</summary>
    private static byte[] MakeContent(Random random)
    {
        byte[] content = new byte[(random.Next(1, 300) * Leaf) + (random.Next(128) * 512)];
        for (int offset = 0; offset < content.Length;)
        {
            int length = Math.Min(content.Length - offset, (1 << random.Next(8)) * Leaf);
            if (random.Next(3) > 0)
            {
                random.NextBytes(content.AsSpan(offset, length));
            }

            offset += length;
        }

        return content;
    }

    /// <summary>Buffers hold what their last user left.</summary>
    private static async Task SpoilAsync(BufferPool pool)
    {
        byte[][] buffers = [await pool.RentAsync(Token), await pool.RentAsync(Token)];
        foreach (byte[] buffer in buffers)
        {
            Array.Fill(buffer, (byte)0xA5);
            pool.Return(buffer);
        }
    }

    private static async Task AssertAllAreBackAsync(BufferPool pool)
    {
        byte[] one = await pool.RentAsync(Token);
        byte[] two = await pool.RentAsync(Token);
        Assert.NotSame(one, two);
        pool.Return(one);
        pool.Return(two);
    }
}
