using AzureVmRole.Fabric.Control;
using AzureVmRole.Fabric.Operations;
using AzureVmRole.Fabric.Resources;
using Xunit;

namespace AzureVmRole.Fabric.Tests.Control;

public sealed class ControlLoopTests : IAsyncDisposable
{
    private static readonly ResourceId Disk = TestParts.Id(ResourceType.Disks, "d");
    private static readonly ResourceId Other = TestParts.Id(ResourceType.Disks, "e");

    private readonly TestParts _fabric = new();

    public ValueTask DisposeAsync() => _fabric.DisposeAsync();

    [Fact(Timeout = 120_000)]
    public async Task Start_UnsettledResources_AreLookedAt()
    {
        _fabric.Save(TestParts.Resource(Disk));
        _fabric.Save(TestParts.Resource(Other, ProvisioningState.Succeeded));
        ResourceId deleted = TestParts.Id(ResourceType.Disks, "f");
        _fabric.Save(TestParts.Resource(deleted, ProvisioningState.Deleting));
        var controller = new FakeController((_, _) => Nothing());
        await using ControlLoop loop = Start(controller);

        ResourceId[] looked = [await controller.NextCallAsync(), await controller.NextCallAsync()];

        await loop.StopAsync(TimeSpan.Zero);
        Assert.Equal(["d", "f"], looked.Select(id => id.Name).Order(StringComparer.Ordinal), StringComparer.Ordinal);
        Assert.False(controller.HasCall);
    }

    [Fact(Timeout = 120_000)]
    public async Task Failure_OfOneResource_IsTriedAgainLaterAndHoldsUpNoOther()
    {
        int fails = 2;
        var controller = new FakeController((id, _) => id == Disk && fails-- > 0 ? throw new InvalidDataException("broken") : Nothing());
        await using ControlLoop loop = Start(controller);

        _fabric.Parts.Queue.Add(Disk);
        Assert.Equal(Disk, await controller.NextCallAsync());
        (ResourceId failed, int failures, TimeSpan delay, Exception exception) = await _fabric.Log.NextFailureAsync();
        Assert.Equal((Disk, 1, BackOff.Shortest, "broken"), (failed, failures, delay, exception.Message));

        _fabric.Parts.Queue.Add(Other);
        Assert.Equal(Other, await controller.NextCallAsync());

        _fabric.Clock.Advance(delay - TimeSpan.FromTicks(1));
        Assert.False(controller.HasCall);
        _fabric.Clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(Disk, await controller.NextCallAsync());
        (_, failures, delay, _) = await _fabric.Log.NextFailureAsync();
        Assert.Equal((2, BackOff.Shortest * 2), (failures, delay));

        _fabric.Clock.Advance(delay);
        Assert.Equal(Disk, await controller.NextCallAsync());
        Assert.False(loop.Completion.IsCompleted);
    }

    [Fact(Timeout = 120_000)]
    public async Task Failure_SuccessBetween_StartsWithTheShortestDelayAgain()
    {
        int call = 0;
        var controller = new FakeController((_, _) => call++ == 1 ? Nothing() : throw new InvalidDataException("broken"));
        await using ControlLoop loop = Start(controller);
        _fabric.Parts.Queue.Add(Disk);
        await _fabric.Log.NextFailureAsync();
        var looked = new TaskCompletionSource();
        loop.Looked = _ => looked.SetResult();
        _fabric.Parts.Queue.Add(Disk);
        await looked.Task;
        loop.Looked = null;
        _fabric.Parts.Queue.Add(Disk);

        Assert.Equal(1, (await _fabric.Log.NextFailureAsync()).Failures);
    }

    [Fact(Timeout = 120_000)]
    public async Task Failure_TooOften_EndsTheOperationsWithTheReason()
    {
        _fabric.MakeGroup();
        string operationId = Accept(Disk);
        var controller = new FakeController((_, _) => throw new IOException("the volume is full"));
        await using ControlLoop loop = Start(controller);

        await FailTimesAsync(ControlLoop.MostFailures - 2);
        TimeSpan last = (await _fabric.Log.NextFailureAsync()).RetryAfter;
        Assert.Equal(OperationStatus.InProgress, _fabric.Parts.Operations.Find(operationId)?.Status);
        Task<Operation?> waiting = _fabric.Parts.Operations.WaitAsync(operationId, TimeSpan.FromHours(1), TestContext.Current.CancellationToken);
        _fabric.Clock.Advance(last);
        Assert.Equal(ControlLoop.MostFailures, (await _fabric.Log.NextFailureAsync()).Failures);
        Operation? ended = await waiting;

        Assert.Equal((OperationStatus.Failed, "InternalExecutionError"), (ended?.Status, ended?.ErrorCode));
        Assert.Contains("the volume is full", ended?.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal(ProvisioningState.Failed, _fabric.Find(Disk)?.State);

        string nextId = Accept(Disk);
        Assert.Equal(1, (await _fabric.Log.NextFailureAsync()).Failures);
        Assert.Equal(OperationStatus.InProgress, _fabric.Parts.Operations.Find(nextId)?.Status);
    }

    [Fact(Timeout = 120_000)]
    public async Task Failure_TooOftenWhileDeleting_EndsTheOperationAndGoesOn()
    {
        _fabric.MakeGroup();
        string operationId = Accept(Disk, ProvisioningState.Deleting);
        var controller = new FakeController((_, _) => throw new IOException("the volume is full"));
        await using ControlLoop loop = Start(controller);
        Task<Operation?> waiting = _fabric.Parts.Operations.WaitAsync(operationId, TimeSpan.FromHours(1), TestContext.Current.CancellationToken);

        await FailTimesAsync(ControlLoop.MostFailures);

        Assert.Equal(OperationStatus.Failed, (await waiting)?.Status);
        Assert.Equal(ProvisioningState.Deleting, _fabric.Find(Disk)?.State);
        await FailTimesAsync(1);
    }

    [Fact(Timeout = 120_000)]
    public async Task Deadline_PassesInTheController_IsAFailureThatNamesIt()
    {
        var controller = new FakeController(async (_, token) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, _fabric.Clock, token);
            return null;
        });
        await using ControlLoop loop = Start(controller);
        _fabric.Parts.Queue.Add(Disk);
        await controller.NextCallAsync();

        _fabric.Clock.Advance(_fabric.Parts.Options.ActionDeadline);

        FabricException failure = Assert.IsType<FabricException>((await _fabric.Log.NextFailureAsync()).Exception);
        Assert.Equal("OperationTimedOut", failure.AzureCode);
        Assert.Contains("600 seconds", failure.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task Again_AskedForByTheController_ComesAfterThatTime()
    {
        int call = 0;
        var controller = new FakeController((_, _) => Task.FromResult<TimeSpan?>(call++ == 0 ? TimeSpan.FromSeconds(5) : null));
        var looked = new TaskCompletionSource();
        await using ControlLoop loop = Start(controller, _ => looked.TrySetResult());
        _fabric.Parts.Queue.Add(Disk);
        await controller.NextCallAsync();
        await looked.Task;

        _fabric.Clock.Advance(TimeSpan.FromSeconds(5) - TimeSpan.FromTicks(1));
        Assert.False(controller.HasCall);
        _fabric.Clock.Advance(TimeSpan.FromTicks(1));

        Assert.Equal(Disk, await controller.NextCallAsync());
    }

    [Fact(Timeout = 120_000)]
    public async Task Resync_FindsWhatNobodyAskedFor_AndForgetsOldOperations()
    {
        _fabric.MakeGroup();
        string old = Accept(Other);
        var controller = new FakeController((_, _) => Nothing());
        await using ControlLoop loop = Start(controller);
        Assert.Equal(Other, await controller.NextCallAsync());
        _fabric.Parts.Operations.Announce(_fabric.Database.Change(table =>
        {
            table.Save(TestParts.Resource(Other, ProvisioningState.Succeeded));
            return _fabric.Parts.Operations.End(table, Other, 1);
        }));
        _fabric.Save(TestParts.Resource(Disk));

        _fabric.Clock.Advance(ControlLoop.ResyncInterval);
        Assert.Equal(Disk, await controller.NextCallAsync());
        Assert.NotNull(_fabric.Parts.Operations.Find(old));

        _fabric.Clock.Advance(ControlLoop.Retention + ControlLoop.ResyncInterval);
        while (_fabric.Parts.Operations.Find(old) is not null)
        {
            await Task.Yield();
        }

        Assert.False(loop.Completion.IsFaulted);
    }

    [Fact(Timeout = 120_000)]
    public async Task StopAsync_WorkUnderWay_IsWaitedForAndNothingElseBegins()
    {
        var release = new TaskCompletionSource<TimeSpan?>();
        CancellationToken given = default;
        var controller = new FakeController((_, token) =>
        {
            given = token;
            return release.Task;
        });
        await using var fabric = new TestParts(parallelism: 1);
        await using var loop = new ControlLoop(fabric.Parts, [controller], () => 0);
        loop.Start();
        fabric.Parts.Queue.Add(Disk);
        fabric.Parts.Queue.Add(Other);
        await controller.NextCallAsync();

        Task stopping = loop.StopAsync(TimeSpan.FromSeconds(30));
        Assert.False(stopping.IsCompleted);
        Assert.False(given.IsCancellationRequested);
        release.SetResult(null);
        await stopping;

        Assert.False(controller.HasCall);
    }

    [Fact(Timeout = 120_000)]
    public async Task StopAsync_WorkTakesTooLong_IsToldToEnd()
    {
        var controller = new FakeController(async (_, token) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, _fabric.Clock, token);
            return null;
        });
        await using ControlLoop loop = Start(controller);
        _fabric.Parts.Queue.Add(Disk);
        await controller.NextCallAsync();

        Task stopping = loop.StopAsync(TimeSpan.FromSeconds(30));
        Assert.False(stopping.IsCompleted);
        _fabric.Clock.Advance(TimeSpan.FromSeconds(30));

        await stopping;
        Assert.True(loop.Completion.IsCompletedSuccessfully);
    }

    private static Task<TimeSpan?> Nothing() => Task.FromResult<TimeSpan?>(null);

    private ControlLoop Start(FakeController controller, Action<ResourceId>? looked = null)
    {
        var loop = new ControlLoop(_fabric.Parts, [controller], () => 0) { Looked = looked };
        loop.Start();
        return loop;
    }

    private async Task FailTimesAsync(int times)
    {
        for (int time = 0; time < times; time++)
        {
            (_, _, TimeSpan delay, _) = await _fabric.Log.NextFailureAsync();
            _fabric.Clock.Advance(delay);
        }
    }

    private string Accept(ResourceId id, ProvisioningState state = ProvisioningState.Creating) => _fabric.Parts.Desk.Accept(
        "Put", id, TestParts.NoContext, acceptor => new(IsCreated: true, null, acceptor.Begin(TestParts.Resource(id, state)).OperationId), _ => throw new InvalidDataException()).OperationId!;
}
