using System.Collections.Concurrent;
using AzureVmRole.Disks.Copying;
using AzureVmRole.Disks.Files;
using AzureVmRole.Disks.Tests.Merging;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Disks.Tests.Copying;

public sealed class DiskCopierTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 120_000)]
    public async Task CopyAsync_AnyExtentsPiecesUnitsAndWorkers_TargetIsTheSource()
    {
        for (int seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            int length = 512 * random.Next(1, 4000);
            using var source = ScatteredDisk.Create(_folder.File($"{seed}.raw"), random, length);
            CopyOptions options = RandomOptions(random);
            int targetLength = random.Next(4) == 0 ? Math.Max(512, length / 1024 * 512) : length + (512 * random.Next(3));
            var target = new MemoryWriter(new byte[targetLength], 4096 << random.Next(10));

            await new DiskCopier(source, target, options, null).CopyAsync(TestContext.Current.CancellationToken);

            byte[] expected = new byte[targetLength];
            source.Content.AsSpan(0, Math.Min(length, targetLength)).CopyTo(expected);
            DiskContent.Same(expected, target.Content, $"by seed {seed}");
            Assert.InRange(target.LongestWrite, 0, options.PieceSizeInBytes);
            Assert.InRange(target.MostWriters, 0, options.Parallelism);
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task CopyAsync_WritesZeros_OverwritesWhatTheSourceHoldsAndNothingElse()
    {
        for (int seed = 100; seed < 140; seed++)
        {
            var random = new Random(seed);
            using var source = ScatteredDisk.Create(_folder.File($"{seed}.raw"), random, 512 * random.Next(1, 3000));
            byte[] before = new byte[source.Content.Length];
            random.NextBytes(before);
            var target = new MemoryWriter([.. before], 65_536);

            await new DiskCopier(source, target, RandomOptions(random) with { WritesZeros = true }, null)
                .CopyAsync(TestContext.Current.CancellationToken);

            bool[] held = source.IsHeld;
            byte[] expected = [.. before.Select((value, index) => held[index] ? source.Content[index] : value)];
            DiskContent.Same(expected, target.Content, $"by seed {seed}");
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task CopyAsync_SourceFails_ItsExceptionWhateverTheOtherWorkersDo()
    {
        for (int seed = 200; seed < 300; seed++)
        {
            var random = new Random(seed);
            using var source = ScatteredDisk.Create(_folder.File($"{seed}.raw"), random, 1 << 20, brokenFrom: random.Next(1 << 20));
            var options = new CopyOptions { Parallelism = 8, PieceSizeInBytes = 512 };

            DiskFormatException exception = await Assert.ThrowsAsync<DiskFormatException>(
                () => new DiskCopier(source, new MemoryWriter(new byte[1 << 20], 4096), options, null).CopyAsync(TestContext.Current.CancellationToken));

            Assert.Equal(ErrorCode.Qcow2TableInvalid, exception.Code);
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task CopyAsync_OneWorkerFailsWhileOthersAreInTheMiddle_TheFailure()
    {
        for (int seed = 0; seed < 50; seed++)
        {
            using var source = ScatteredDisk.Create(_folder.File($"{seed}.raw"), new Random(seed), 1 << 20);
            var options = new CopyOptions { Parallelism = 8, PieceSizeInBytes = 512, WritesZeros = true };
            var copier = new DiskCopier(source, new MemoryWriter(new byte[1 << 20], 16_384), options, new StoppingProgress(seed % 7));

            await Assert.ThrowsAsync<StoppedException>(() => copier.CopyAsync(TestContext.Current.CancellationToken));
        }
    }

    [Theory(Timeout = 60_000)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    public async Task CopyAsync_Cancelled_CallersTokenAndNoFileLeft(int afterReports)
    {
        using var source = ScatteredDisk.Create(_folder.File("source.raw"), new Random(1), 8 << 20);
        using var cancel = new CancellationTokenSource();
        string target = _folder.File("target.vhd");
        if (afterReports == 0)
        {
            await cancel.CancelAsync();
        }

        OperationCanceledException exception;
        using (var output = OutputFile.Create(target, overwrite: false))
        {
            var writer = new MemoryWriter(new byte[8 << 20], 65_536);
            var copier = new DiskCopier(source, writer, new CopyOptions(), new CancellingProgress(afterReports, cancel));
            exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => copier.CopyAsync(cancel.Token));
        }

        Assert.Equal(cancel.Token, exception.CancellationToken);
        Assert.Equal([source.Path], Directory.GetFiles(_folder.Path));
    }

    [Fact(Timeout = 60_000)]
    public async Task CopyAsync_Progress_WithinTheTotalAndEndsThere()
    {
        using var source = ScatteredDisk.Create(_folder.File("source.raw"), new Random(3), (1 << 20) + 512);
        var progress = new RecordingProgress();

        await new DiskCopier(source, new MemoryWriter(new byte[(1 << 20) + 512], 65_536), new CopyOptions(), progress)
            .CopyAsync(TestContext.Current.CancellationToken);

        Assert.All(progress.Records, record => Assert.InRange(record.BytesDone, 1, record.BytesTotal));
        Assert.All(progress.Records, record => Assert.Equal((1 << 20) + 512, record.BytesTotal));
        Assert.Contains(progress.Records, record => record.BytesDone == record.BytesTotal);
    }

    [Theory]
    [InlineData(0, 4096)]
    [InlineData(-1, 4096)]
    [InlineData(2, 0)]
    public void Constructor_OptionThatWouldCopyNothing_Refused(int parallelism, int pieceSize)
    {
        using var source = ScatteredDisk.Create(_folder.File("source.raw"), new Random(3), 4096);
        var options = new CopyOptions { Parallelism = parallelism, PieceSizeInBytes = pieceSize };

        Assert.Throws<ArgumentOutOfRangeException>(() => new DiskCopier(source, new MemoryWriter(new byte[4096], 4096), options, null));
    }

    private static CopyOptions RandomOptions(Random random) => new()
    {
        Parallelism = random.Next(1, 9),
        PieceSizeInBytes = 512 << random.Next(12),
    };

    private sealed class CancellingProgress(int afterReports, CancellationTokenSource source) : IProgress<TransferProgress>
    {
        private int _reports;

        public void Report(TransferProgress value)
        {
            if (Interlocked.Increment(ref _reports) == afterReports)
            {
                source.Cancel();
            }
        }
    }

    private sealed class RecordingProgress : IProgress<TransferProgress>
    {
        public ConcurrentBag<TransferProgress> Records { get; } = [];

        public void Report(TransferProgress value) => Records.Add(value);
    }
}
