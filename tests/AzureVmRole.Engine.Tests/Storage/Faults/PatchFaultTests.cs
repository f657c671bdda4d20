using AzureVmRole.TestKit.Faults;
using Xunit;

namespace AzureVmRole.Engine.Tests.Storage.Faults;

/// <summary>
/// One fault at each request of an upload with a base image in turn: it ends right, or with one clear error and without a disk.
/// AZVMROLE_FAULT_RUNS adds the faults that say the same in another way.
/// </summary>
public sealed class PatchFaultTests(AzuriteFixture azurite)
{
    /// <summary>What trying again mends.</summary>
    private static readonly Dictionary<string, Fault> Passing = new(StringComparer.Ordinal)
    {
        ["dropped"] = Fault.Drop,
        ["answer lost"] = Fault.LoseAnswer,
        ["cut in the request"] = new Fault { CutsRequestAt = 1000 },
        ["cut in the answer"] = new Fault { CutsAnswerAt = 100 },
        ["500"] = Fault.InternalError,
        ["503 for a second"] = Fault.BusyFor(1),
    };

    /// <summary>What nobody may notice at once, as there is no checksum on the way.</summary>
    private static readonly Dictionary<string, Fault> Lying = new(StringComparer.Ordinal)
    {
        ["corrupted request"] = new Fault { CorruptsRequestAt = 777 },
        ["corrupted answer"] = new Fault { CorruptsAnswerAt = 60 },
        ["truncated answer"] = new Fault { TruncatesAnswerAt = 50 },
        ["empty answer"] = new Fault { TruncatesAnswerAt = 0 },
    };

    public static TheoryData<string, bool> PassingCases => FaultRuns.AreLong
        ? [.. Passing.Keys.Append("corrupted request").SelectMany(name => new[] { (name, false), (name, true) }).Where(pair => pair is not ("corrupted request", false))]
        : [("answer lost", false), ("503 for a second", false), ("corrupted request", true)];

    public static TheoryData<string> LyingNames => FaultRuns.AreLong ? [.. Lying.Keys] : ["truncated answer"];

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(PassingCases))]
    public Task Patch_FaultAtEachRequestOnce_EndsRight(string name, bool actsAsAzure) => ForEachRequestAsync(
        Passing.GetValueOrDefault(name) ?? Lying[name], actsAsAzure,
        async (stage, number) =>
        {
            AzureVmRoleException? exception = await stage.TryPatchAsync();
            Assert.True(exception is null, $"Request {number}: {exception}");
            await stage.AssertCompleteAsync();
        });

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(LyingNames))]
    public Task Patch_LieAtEachRequestOnce_EndsRightOrStops(string name) => ForEachRequestAsync(
        Lying[name], actsAsAzure: false,
        async (stage, _) =>
        {
            if (await stage.TryPatchAsync(stage.ToPatch(verify: true)) is { } exception)
            {
                await stage.AssertStoppedAsync(exception);
                stage.Store.Proxy.Heal();
                AzureVmRoleException? second = await stage.TryPatchAsync(stage.ToPatch() with { Overwrite = true });
                Assert.True(second is null, $"{exception.Message} Then: {second}");
            }

            await stage.AssertCompleteAsync();
        });

    private async Task ForEachRequestAsync(Fault fault, bool actsAsAzure, Func<PatchStage, int, Task> run)
    {
        using PatchDisks disks = await PatchDisks.MakeAsync();
        int requests = await CountRequestsAsync(disks, actsAsAzure);
        await Task.WhenAll(Enumerable.Range(1, requests).Select(async number =>
        {
            await using PatchStage stage = await PatchStage.SetAsync(azurite, disks, actsAsAzure);
            FaultRule rule = stage.Store.Proxy.Add(new FaultRule { First = number, Fault = fault });
            await run(stage, number);
            Assert.Equal(1, rule.Fired);
            await stage.AssertBaseIsUntouchedAsync();
        }));
    }

    /// <summary>How many requests the upload takes when nothing happens to it.</summary>
    private async Task<int> CountRequestsAsync(PatchDisks disks, bool actsAsAzure)
    {
        await using PatchStage stage = await PatchStage.SetAsync(azurite, disks, actsAsAzure);
        Assert.Null(await stage.TryPatchAsync());
        await stage.AssertCompleteAsync();
        IReadOnlyDictionary<string, int> counts = stage.Store.Proxy.CountByOperation();
        Assert.True(counts["PUT page update"] > 2 && counts["PUT page clear"] > 1 && counts["HEAD"] > 2, "The upload has no request of some kind.");
        return stage.Store.Proxy.Requests.Count;
    }
}
