using AzureVmRole.Engine.Storage.Publishing;
using AzureVmRole.TestKit.Faults;
using Xunit;

namespace AzureVmRole.Engine.Tests.Storage.Faults;

/// <summary>Many faults at random at once. AZVMROLE_FAULT_RUNS sets how many runs; a failure names its seed.</summary>
public sealed class FaultSoakTests(AzuriteFixture azurite)
{
    private const int Attempts = 25;
    private const int AtOnce = 3;

    private static readonly Fault[] Faults =
    [
        Fault.Drop, Fault.LoseAnswer, Fault.Busy, Fault.InternalError, new Fault { CutsRequestAt = 70_000 }, new Fault { CutsAnswerAt = 10 },
        new Fault { CorruptsRequestAt = 5 }, new Fault { TruncatesAnswerAt = 50 },
        new Fault { Answer = new InjectedAnswer(403, "AuthorizationPermissionMismatch") }, Fault.Expired,
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 3_600_000)]
    public async Task PublishAndSave_FaultsAtRandom_EndsRightAfterSomeAttempts()
    {
        int first = Random.Shared.Next(1 << 20);
        TestContext.Current.TestOutputHelper?.WriteLine($"Seeds {first} to {first + FaultRuns.Count - 1}");
        await Parallel.ForEachAsync(
            Enumerable.Range(first, FaultRuns.Count), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = Token },
            async (seed, _) => await RunAsync(seed));
    }

    private async Task RunAsync(int seed)
    {
        try
        {
            await using FaultyStore store = await FaultyStore.StartAsync(azurite);
            store.Proxy.ActsAsAzure = true;
            string source = FaultDisk.SaveTo(store.File("disk.raw"));
            PublishOptions options = store.ToPublish(source);
            Arm(store, seed);
            await RepeatAsync(store, async () => await DiskPublication.PublishAsync(options, null, Token));
            await store.AssertNothingCorruptIsADiskAsync(FaultDisk.Content.Content);
            store.Proxy.Heal();
            Arm(store, seed + 1);
            await RepeatAsync(store, async () => await store.SaveAsync(store.File("saved.vhd")));
            Assert.True(File.ReadAllBytes(store.File("saved.vhd")).AsSpan(0, FaultDisk.Content.Content.Length).SequenceEqual(FaultDisk.Content.Content));
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Assert.Fail($"Seed {seed}: {exception}");
        }
    }

    private static void Arm(FaultyStore store, int seed)
    {
        var random = new Random(seed);
        foreach (Fault fault in Faults)
        {
            store.Proxy.Add(new FaultRule
            {
                First = 1 + random.Next(4), Count = 1 + random.Next(2), Random = new Random(random.Next()), Probability = 0.15, Fault = fault,
            });
        }
    }

    /// <summary>The rules run out of faults, so some attempt ends well; until then nothing passes for a disk that is none.</summary>
    private static async Task RepeatAsync(FaultyStore store, Func<Task> attempt)
    {
        for (int number = 1; ; number++)
        {
            try
            {
                await attempt();
                return;
            }
            catch (TransferException exception) when (number < Attempts)
            {
                await store.AssertNothingCorruptIsADiskAsync(FaultDisk.Content.Content);
                if (number > 1 && exception.Code == ErrorCode.BlobExists)
                {
                    // Only the answer to the last step of the attempt before was lost.
                    return;
                }
            }
        }
    }
}
