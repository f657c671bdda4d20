using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AzureVmRole.Engine.Tests.Cleanup;

/// <summary>No order of events makes a removal delete a blob that is in use, or another one than the report has.</summary>
public sealed class RemovalEventTests
{
    private static readonly WorldEvent[] Events = Enum.GetValues<WorldEvent>();

    [Theory(Timeout = 300_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Remove_NoEvents_BothGo(bool isLarge)
    {
        await using var stage = new RemovalStage([]);

        await stage.RunAsync(isLarge);
    }

    [Theory(Timeout = 300_000)]
    [MemberData(nameof(EachEvent))]
    public async Task Remove_EventAtAnyCall_NothingInUseGoes(WorldEvent what, bool isLarge)
    {
        int calls = 1;
        for (int call = 0; call < calls; call++)
        {
            await using var stage = new RemovalStage([(call, what)]);
            await stage.RunAsync(isLarge);
            calls = Math.Max(calls, stage.CallCount);
        }
    }

    [Fact(Timeout = 600_000)]
    public async Task Remove_ManyEventsAtRandomCalls_NothingInUseGoes()
    {
        Gen<(int Call, WorldEvent Event)> step = Gen.Choose(0, 45).SelectMany(_ => Gen.Elements(Events), (call, what) => (call, what));
        int count = int.Parse(Environment.GetEnvironmentVariable("AZVMROLE_REMOVAL_RUNS") ?? "100", CultureInfo.InvariantCulture);
        foreach ((int Call, WorldEvent Event)[] script in step.ArrayOf(4).Sample(count))
        {
            await using var stage = new RemovalStage(script);
            await stage.RunAsync(isLarge: script[0].Call % 2 == 0);
        }
    }

    [Fact(Timeout = 300_000)]
    public async Task Rule_StoreThatForgetsConditions_FoundOut()
    {
        int broken = 0;
        for (int call = 0; call < 30; call++)
        {
            await using var stage = new RemovalStage([(call, WorldEvent.SnapshotTaken)], ignoresConditions: true);
            Exception? exception = await Record.ExceptionAsync(() => stage.RunAsync(isLarge: false));
            broken += exception is Xunit.Sdk.TrueException ? 1 : 0;
        }

        Assert.NotEqual(0, broken);
    }

    public static TheoryData<WorldEvent, bool> EachEvent() => new(Events.SelectMany(what => new[] { (what, false), (what, true) }));
}
