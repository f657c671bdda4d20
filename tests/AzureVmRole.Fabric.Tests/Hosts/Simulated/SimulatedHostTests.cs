using System.Collections.Concurrent;
using AzureVmRole.Fabric.Hosts;
using AzureVmRole.Fabric.Hosts.Simulated;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Fabric.Tests.Hosts.Simulated;

public sealed class SimulatedHostTests : IAsyncDisposable
{
    private static readonly string Instance = "6f1c4c1e-0000-4000-8000-000000000001";
    private static readonly TimeSpan Latency = TimeSpan.FromSeconds(3);

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _clock = new();
    private readonly ConcurrentQueue<string> _changed = [];
    private SimulatedHost _host;

    public SimulatedHostTests() => _host = Open(Latency);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task StartAsync_Latency_StartsAndIsReadyThen()
    {
        await _host.StartAsync(Order(), Token);
        GuestReport starting = Report();
        _clock.Advance(Latency - TimeSpan.FromTicks(1));
        Assert.Equal(GuestPower.Starting, Report().Power);
        _clock.Advance(TimeSpan.FromTicks(1));

        Assert.Equal((GuestPower.Starting, GuestProvisioning.InProgress), (starting.Power, starting.Provisioning));
        Assert.Equal((GuestPower.Running, GuestProvisioning.Succeeded, "Simulated"), (Report().Power, Report().Provisioning, Report().AgentVersion));
        Assert.Contains("Simulated", Report().Message, StringComparison.Ordinal);
        Assert.Equal([1, 2], Report().Luns);
        Assert.Equal([Instance, Instance], _changed, StringComparer.Ordinal);
    }

    [Fact]
    public async Task StartAsync_NoLatency_IsReadyAtOnce()
    {
        _host = Open(TimeSpan.Zero);

        await _host.StartAsync(Order(), Token);

        Assert.Equal((GuestPower.Running, GuestProvisioning.Succeeded), (Report().Power, Report().Provisioning));
        Assert.Equal(0, _clock.Timers);
    }

    [Fact]
    public async Task StartAsync_SameBootAgain_ChangesNothing()
    {
        await _host.StartAsync(Order(), Token);
        _clock.Advance(Latency);
        GuestReport before = Report();

        await _host.StartAsync(Order("start=fail:late"), Token);

        Assert.Equivalent(before, Report(), strict: true);
        await _host.StartAsync(Order() with { Boot = 2 }, Token);
        Assert.Equal((2L, GuestPower.Starting), (Report().Boot, Report().Power));
    }

    [Fact]
    public async Task StopAsync_Asked_TakesItsTime_AndForcedTakesNone()
    {
        await _host.StartAsync(Order(), Token);
        _clock.Advance(Latency);
        _changed.Clear();

        await _host.StopAsync(Instance, isForced: false, Token);
        Assert.Equal(GuestPower.Stopping, Report().Power);
        _clock.Advance(Latency);
        Assert.Equal(GuestPower.Stopped, Report().Power);
        Assert.Equal(2, _changed.Count);

        await _host.StartAsync(Order() with { Boot = 2 }, Token);
        await _host.StopAsync(Instance, isForced: false, Token);
        await _host.StopAsync(Instance, isForced: true, Token);
        Assert.Equal(GuestPower.Stopped, Report().Power);
    }

    [Theory]
    [InlineData("provision=never", GuestProvisioning.InProgress, "told to")]
    [InlineData("provision=never:no answer", GuestProvisioning.InProgress, "no answer")]
    [InlineData("latency=00:00:01; provision=fail:bad: password", GuestProvisioning.Failed, "bad: password")]
    public async Task StartAsync_ToldHowToProvision_DoesAsTold(string instructions, GuestProvisioning provisioning, string message)
    {
        await _host.StartAsync(Order(instructions), Token);
        _clock.Advance(Latency);

        Assert.Equal((GuestPower.Running, provisioning, null), (Report().Power, Report().Provisioning, Report().AgentVersion));
        Assert.Contains(message, Report().Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_NotGeneralized_StaysInProvisioningForEver()
    {
        await _host.StartAsync(Order() with { NotGeneralizedReason = "the image is Specialized" }, Token);
        _clock.Advance(TimeSpan.FromDays(300));

        Assert.Equal((GuestPower.Running, GuestProvisioning.InProgress), (Report().Power, Report().Provisioning));
        Assert.Contains("the image is Specialized", Report().Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_ToldToFail_ThrowsTheMessage()
    {
        FabricException failure = await Assert.ThrowsAsync<FabricException>(() => Task.Run(() => _host.StartAsync(Order("start=fail:no power"), Token), Token));

        Assert.Contains("no power", failure.Message, StringComparison.Ordinal);
        Assert.Null(_host.Report(Instance));
    }

    [Theory]
    [InlineData("start=maybe")]
    [InlineData("latency")]
    [InlineData("latency=-00:00:01")]
    [InlineData("=")]
    [InlineData("nonsense")]
    public async Task StartAsync_UnknownInstruction_IsRefused(string instructions)
    {
        FabricException refusal = await Assert.ThrowsAsync<FabricException>(() => Task.Run(() => _host.StartAsync(Order(instructions), Token), Token));

        Assert.Equal("InvalidParameter", refusal.AzureCode);
        Assert.Contains(instructions, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AttachAsync_AndDetach_ShowInTheReport()
    {
        await _host.StartAsync(Order(), Token);

        await _host.AttachAsync(Instance, new GuestDisk(0, "/x", 1, "None"), Token);
        await _host.AttachAsync(Instance, new GuestDisk(0, "/x", 1, "ReadOnly"), Token);
        await _host.DetachAsync(Instance, 2, Token);

        Assert.Equal([0, 1], Report().Luns);
    }

    [Fact]
    public async Task AttachAsync_ToldToFail_ThrowsTheMessage()
    {
        await _host.StartAsync(Order("attach=fail:no slot"), Token);

        FabricException failure = await Assert.ThrowsAsync<FabricException>(() => Task.Run(() => _host.AttachAsync(Instance, new GuestDisk(5, "/x", 1, "None"), Token), Token));

        Assert.Contains("no slot", failure.Message, StringComparison.Ordinal);
        Assert.Equal([1, 2], Report().Luns);
    }

    [Fact]
    public async Task Report_AfterARestartOfTheFabric_GoesOnWhereItWas()
    {
        await _host.StartAsync(Order(), Token);
        _clock.Advance(Latency / 3);
        await _host.DisposeAsync();
        _host = Open(Latency);
        Assert.Equal(GuestPower.Starting, Report().Power);
        _changed.Clear();

        _clock.Advance(Latency);

        Assert.Equal((1L, GuestPower.Running, GuestProvisioning.Succeeded), (Report().Boot, Report().Power, Report().Provisioning));
        Assert.Single(_changed);
        await _host.StartAsync(Order("start=fail:late"), Token);
        Assert.Equal(GuestPower.Running, Report().Power);
    }

    [Fact]
    public async Task RemoveAsync_Removes_WhatTheHostHasOnly()
    {
        await _host.StartAsync(Order(), Token);
        string folder = Path.Combine(_folder.Path, "instances", Instance);
        await File.WriteAllTextAsync(Path.Combine(folder, "other.log"), "x", Token);

        await _host.RemoveAsync(Instance, Token);
        await _host.RemoveAsync(Instance, Token);

        Assert.Null(_host.Report(Instance));
        Assert.Equal(["other.log"], Directory.GetFiles(folder).Select(Path.GetFileName), StringComparer.Ordinal);
        File.Delete(Path.Combine(folder, "other.log"));
        await _host.RemoveAsync(Instance, Token);
        Assert.False(Directory.Exists(folder));
    }

    [Theory]
    [InlineData("../../etc")]
    [InlineData("")]
    public void Report_IdThatIsNoGuid_TouchesNoFile(string id) => Assert.Throws<ArgumentException>(() => _host.Report(id));

    private static GuestOrder Order(string? instructions = null) => new()
    {
        InstanceId = Instance,
        Name = "web1",
        Boot = 1,
        Cores = 1,
        MemoryInMiB = 1024,
        OSType = "Linux",
        IsGeneration2 = false,
        OSDisk = new GuestDisk(-1, "/os.vhd", 1 << 30, "ReadWrite"),
        DataDisks = [new GuestDisk(2, "/b.vhd", 1 << 20, "None"), new GuestDisk(1, "/a.vhd", 1 << 20, "None")],
        SubscriptionId = TestParts.SubscriptionId,
        ResourceGroupName = "g",
        Size = "Standard_B1s",
        TemporaryDiskInMiB = 0,
        NeedsProvisioning = true,
        Tags = instructions is null ? new Dictionary<string, string>(StringComparer.Ordinal) : new Dictionary<string, string>(StringComparer.Ordinal) { ["AzVmRole-Simulate"] = instructions },
    };

    private SimulatedHost Open(TimeSpan latency) => new(
        new HostProfile("local1-host0", "Simulated", "local1", 8, 8192, 0, 0), new FabricHome(_folder.Path), latency, _clock)
    {
        ReportChanged = _changed.Enqueue,
    };

    private GuestReport Report() => _host.Report(Instance)!;
}
