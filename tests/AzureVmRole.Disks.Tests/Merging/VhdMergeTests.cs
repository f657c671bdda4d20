using AzureVmRole.Disks.Files;
using AzureVmRole.Disks.Merging;
using AzureVmRole.Disks.Tests.Vhd;
using AzureVmRole.Disks.Vhd;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Disks.Tests.Merging;

/// <summary>Merges of random chains against the model, undisturbed and interrupted.</summary>
public sealed class VhdMergeTests
{
    /// <summary>Seed, depth of the chain, the layer that is merged into, the layer on top of the merge, type of the base.</summary>
    public static TheoryData<int, int, int, int, int> Merges => new()
    {
        { 1, 2, 0, 1, VhdImageBuilder.Fixed },
        { 2, 2, 0, 1, VhdImageBuilder.Dynamic },
        { 3, 3, 1, 2, VhdImageBuilder.Fixed },
        { 4, 3, 1, 2, VhdImageBuilder.Dynamic },
        { 5, 4, 0, 3, VhdImageBuilder.Fixed },
        { 6, 4, 0, 3, VhdImageBuilder.Dynamic },
        { 7, 5, 1, 4, VhdImageBuilder.Dynamic },
        { 8, 6, 2, 4, VhdImageBuilder.Dynamic },
        { 9, 6, 0, 5, VhdImageBuilder.Dynamic },
    };

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Merges))]
    public async Task RunAsync_AnyChain_TargetShowsWhatTheTopShowed(int seed, int depth, int target, int top, int baseType)
    {
        using var merge = new MergeFolder(seed, depth, target, top, baseType);

        await merge.RunAsync(null, TestContext.Current.CancellationToken);

        merge.AssertDone();
        if (target == 0)
        {
            var expected = new ReferenceDisk(MergeFolder.Length);
            merge.Expected.CopyTo(expected.Content, 0);
            await QemuImg.CompareAsync(merge.Folder, expected, merge.Target);
        }
    }

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(Merges))]
    public async Task RunAsync_StoppedAtEveryProgress_TopWholeAllTheTimeAndFinishedByRunningAgain(
        int seed, int depth, int target, int top, int baseType)
    {
        int steps = 0;
        bool finished = false;
        while (!finished)
        {
            using var merge = new MergeFolder(seed, depth, target, top, baseType);
            var stop = new StoppingProgress(steps);
            Exception? exception = await Record.ExceptionAsync(() => merge.RunAsync(stop, TestContext.Current.CancellationToken));
            finished = exception is null;
            if (!finished)
            {
                Assert.IsType<StoppedException>(exception);
                merge.AssertUnderWay();
                await merge.RunAsync(null, TestContext.Current.CancellationToken);
            }

            merge.AssertDone();
            steps = steps < 8 ? steps + 1 : steps * 2;
        }

        Assert.True(steps > 1);
    }

    [Fact(Timeout = 60_000)]
    public async Task RunAsync_StoppedAgainAndAgain_StillFinished()
    {
        using var merge = new MergeFolder(11, 4, 0, 3, VhdImageBuilder.Dynamic);
        for (int steps = 0; steps < 6; steps++)
        {
            await Assert.ThrowsAsync<StoppedException>(() => merge.RunAsync(new StoppingProgress(steps), TestContext.Current.CancellationToken));
            merge.AssertUnderWay();
        }

        await merge.RunAsync(null, TestContext.Current.CancellationToken);

        merge.AssertDone();
    }

    [Fact(Timeout = 60_000)]
    public async Task RunAsync_Cancelled_CallersTokenAndFinishedByRunningAgain()
    {
        using var merge = new MergeFolder(12, 3, 0, 2, VhdImageBuilder.Fixed);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        OperationCanceledException exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => merge.RunAsync(null, cancelled.Token));

        Assert.Equal(cancelled.Token, exception.CancellationToken);
        merge.AssertUnderWay();
        await merge.RunAsync(null, TestContext.Current.CancellationToken);
        merge.AssertDone();
    }

    [Theory(Timeout = 60_000)]
    [InlineData(VhdImageBuilder.Fixed)]
    [InlineData(VhdImageBuilder.Dynamic)]
    public async Task RunAsync_FinishedWhileTheMarkerStays_RemovesTheRest(int baseType)
    {
        using var merge = new MergeFolder(13, 4, 0, 3, baseType);
        byte[][] layers = [.. merge.Plan.LayerPaths.Select(File.ReadAllBytes)];
        await merge.RunAsync(null, TestContext.Current.CancellationToken);
        for (int gone = 0; gone < layers.Length; gone++)
        {
            // A kill between the last byte of the copy and the last deletion: the marker may be there or not.
            for (int layer = gone; layer < layers.Length; layer++)
            {
                await File.WriteAllBytesAsync(merge.Plan.LayerPaths[layer], layers[layer], TestContext.Current.CancellationToken);
            }

            (merge.Plan with { IsCopied = true }).Save();
            if (gone == 0)
            {
                MergeMarker.Write(merge.Target, Guid.NewGuid(), merge.Top);
            }

            await merge.RunAsync(null, TestContext.Current.CancellationToken);
            merge.AssertDone();
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task RunAsync_KilledWhenThePlanHadTheTopsPlace_RemovesIt()
    {
        using var merge = new MergeFolder(13, 3, 0, 2, VhdImageBuilder.Dynamic);
        await merge.RunAsync(null, TestContext.Current.CancellationToken);
        (merge.Plan with { IsCopied = true }).Save();
        File.Move(merge.PlanPath, merge.Top);

        await merge.RunAsync(null, TestContext.Current.CancellationToken);

        merge.AssertDone();
    }

    /// <summary>A kill while the table is written: the blocks are there, some entries are, the footer at the end is not.</summary>
    [Theory(Timeout = 60_000)]
    [InlineData(14, 0)]
    [InlineData(15, 0)]
    [InlineData(16, 1)]
    public async Task RunAsync_KilledWhileTheTableIsWritten_TopWholeAndFinishedByRunningAgain(int seed, int target)
    {
        using var finished = new MergeFolder(seed, 4, target, 3, VhdImageBuilder.Dynamic);
        byte[] before = await File.ReadAllBytesAsync(finished.Target, TestContext.Current.CancellationToken);
        await finished.RunAsync(null, TestContext.Current.CancellationToken);
        byte[] after = await File.ReadAllBytesAsync(finished.Target, TestContext.Current.CancellationToken);
        for (int keep = 0; keep < 6; keep++)
        {
            using var merge = new MergeFolder(seed, 4, target, 3, VhdImageBuilder.Dynamic);
            byte[] state = after[..^512];
            var random = new Random(keep);
            for (int entry = 0; entry < (MergeFolder.Length / BlockSizeOf(before)); entry++)
            {
                if (random.Next(2) == 0)
                {
                    state = VhdBytes.SetEntry(state, entry, VhdBytes.GetEntry(before, entry));
                }
            }

            await File.WriteAllBytesAsync(merge.Target, state, TestContext.Current.CancellationToken);
            merge.Plan.Save();
            MergeMarker.Write(merge.Target, VhdChainBuilder.IdOf(target + 1), merge.Top);
            merge.AssertUnderWay();
            await merge.RunAsync(null, TestContext.Current.CancellationToken);
            merge.AssertDone();
        }
    }

    /// <summary>While a merge runs the target's last footer is cut off: then the copy at the start must be good.</summary>
    [Theory(Timeout = 60_000)]
    [InlineData(0)]
    [InlineData(64)]
    public async Task RunAsync_TargetsFooterCopyIsDamaged_KilledStillRead(int field)
    {
        using var merge = new MergeFolder(17, 3, 0, 2, VhdImageBuilder.Dynamic);
        byte[] image = await File.ReadAllBytesAsync(merge.Target, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(merge.Target, VhdBytes.SetCopy(image, field, [0xEE], seal: false), TestContext.Current.CancellationToken);
        VhdChainBuilder.SetTime(merge.Target, 0);

        await Assert.ThrowsAsync<StoppedException>(() => merge.RunAsync(new StoppingProgress(1), TestContext.Current.CancellationToken));

        merge.AssertUnderWay();
        await merge.RunAsync(null, TestContext.Current.CancellationToken);
        merge.AssertDone();
    }

    /// <summary>More blocks than bitmaps are held in memory: those that were let go are read again and added to.</summary>
    [Fact(Timeout = 60_000)]
    public async Task RunAsync_MoreBlocksThanBitmapsAreKept_EverySectorArrives()
    {
        const int BlockSize = 4096;
        const int BlockCount = 4600;
        using var folder = new TemporaryFolder();
        byte[] expected = new byte[BlockCount * BlockSize];
        var parent = new VhdImageBuilder(expected.Length, VhdImageBuilder.Differencing, BlockSize) { ParentName = "none.vhd" };
        var layers = new List<VhdImageBuilder>();
        for (int layer = 0; layer < 2; layer++)
        {
            var image = new VhdImageBuilder(expected.Length, VhdImageBuilder.Differencing, BlockSize) { Identifier = Guid.NewGuid() };
            byte[] sector = new byte[512];
            for (int block = 0; block < BlockCount; block++)
            {
                sector.AsSpan().Fill((byte)(1 + (((block * 3) + layer) % 255)));
                int offset = (block * BlockSize) + (512 * (((block + layer) * 3) % 8));
                image.Write(offset, sector);
                sector.CopyTo(expected, offset);
            }

            layers.Add(image);
        }

        string target = parent.Save(folder.File("target.vhd"));
        string[] paths = [layers[0].Save(folder.File("layer0.vhd")), layers[1].Save(folder.File("layer1.vhd"))];
        var plan = new MergePlan(
            target, parent.Identifier, paths, [layers[0].Identifier, layers[1].Identifier], IsCopied: false);

        await new VhdMerge(plan).RunAsync(null, TestContext.Current.CancellationToken);

        using var file = DiskFile.OpenRead(target);
        DiskContent.Same(expected, DiskContent.Read(VhdReader.OpenAlone(file)), "alone");
    }

    private static int BlockSizeOf(byte[] image) => System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(
        image.AsSpan(VhdImageBuilder.HeaderOffset + 32));
}
