using AzureVmRole.Fabric.Guests;
using AzureVmRole.Fabric.Guests.Beats;
using Xunit;

namespace AzureVmRole.Fabric.Tests.Guests.Beats;

public sealed class GuestBeatsTests
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly BeatOptions Options = new();

    [Fact]
    public void Look_NothingHeard_IsStarting()
    {
        var beats = GuestBeats.Start(Options, Start);

        Assert.Equal(new BeatVerdict(GuestPhase.Starting, null, IsResetDue: false, IsFinal: false, At(20 * 60)), beats.Look(At(0)));
        Assert.Equal(GuestPhase.Starting, beats.Take(Signal(1, GuestSignalKind.AddressTaken)).Look(At(2)).Phase);
    }

    [Theory]
    [InlineData(GuestSignalKind.MetadataRead)]
    [InlineData(GuestSignalKind.GoalStatePolled)]
    [InlineData(GuestSignalKind.NotReady)]
    public void Look_AgentHeard_IsProvisioning(object kind) =>
        Assert.Equal(GuestPhase.Provisioning, GuestBeats.Start(Options, Start).Take(Signal(1, (GuestSignalKind)kind)).Look(At(2)).Phase);

    [Fact]
    public void Look_MediaEjected_IsProvisioning()
    {
        GuestBeats beats = GuestBeats.Start(Options, Start).Eject(At(5)).Eject(At(6));

        Assert.Equal((GuestPhase.Provisioning, At(5)), (beats.Look(At(7)).Phase, beats.EjectedAt));
    }

    [Fact]
    public void Look_Ready_IsFinalOnceSettled()
    {
        GuestBeats beats = CloudInit();

        Assert.Equal(new BeatVerdict(GuestPhase.Ready, null, IsResetDue: false, IsFinal: false, At(105)), beats.Look(At(36)));
        Assert.Equal(new BeatVerdict(GuestPhase.Ready, null, IsResetDue: false, IsFinal: true, null), beats.Look(At(105)));
    }

    /// <summary>All services were started, and none is a second agent: nobody need be waited for. Another boot may start others.</summary>
    [Fact]
    public void Look_ReadyAndNoSecondAgentAmongTheServices_IsFinal()
    {
        GuestBeats beats = CloudInit().Take(ServiceStart.DoneWithoutAgent, At(50));

        Assert.Equal(new BeatVerdict(GuestPhase.Ready, null, IsResetDue: false, IsFinal: true, null), beats.Look(At(50)));
        Assert.Equal("Started all services", beats.Steps[^1].What);
        Assert.Equal(ServiceStart.Unknown, beats.Reboot(At(51)).Services);
        Assert.False(GuestBeats.Start(Options, Start).Take(ServiceStart.DoneWithoutAgent, At(50)).Look(At(51)).IsFinal);
    }

    /// <summary>Ready after 35 s: a minute and ten for a second agent that is a service, from when all were started, or somebody could log in; four times as long while they are being started.</summary>
    [Theory]
    [InlineData(ServiceStart.Running, 40, 35 + 280)]
    [InlineData(ServiceStart.Prompted, 200, 200 + 70)]
    [InlineData(ServiceStart.DoneWithAgent, 200, 200 + 70)]
    [InlineData(ServiceStart.DoneWithAgent, 20, 35 + 70)]
    public void Look_ReadyAndServicesStart_WaitsForTheSecondAgent(object services, int at, int settled)
    {
        GuestBeats beats = CloudInit().Take((ServiceStart)services, At(at));

        Assert.Equal((false, At(settled)), (beats.Look(At(settled - 1)).IsFinal, beats.Look(At(settled - 1)).LookAgainAt));
        Assert.True(beats.Look(At(settled)).IsFinal);
    }

    [Fact]
    public void Look_ReadyButNotSettledInTime_IsFinalThen()
    {
        GuestBeats beats = GuestBeats.Start(Options with { Provisioning = TimeSpan.FromSeconds(100) }, Start).Take(Signal(35, GuestSignalKind.Ready)).Take(ServiceStart.Running, At(40));

        Assert.Equal(At(100), beats.Look(At(99)).LookAgainAt);
        Assert.Equal((GuestPhase.Ready, true), (beats.Look(At(100)).Phase, beats.Look(At(100)).IsFinal));
    }

    /// <summary>cloud-init is ready, then WALinuxAgent begins: as measured with both in one image.</summary>
    [Fact]
    public void Look_SecondAgentAfterReady_IsProvisioningAgain()
    {
        GuestBeats beats = CloudInit().Take(Signal(60, GuestSignalKind.NotReady, "WALinuxAgent", "Provisioning", "Starting"));
        Assert.Equal((GuestPhase.Provisioning, "Starting", false), (beats.Look(At(61)).Phase, beats.Look(At(61)).Message, beats.Look(At(61)).IsFinal));

        beats = beats.Take(Signal(74, GuestSignalKind.Ready, "WALinuxAgent"));
        Assert.Equal((GuestPhase.Ready, true), (beats.Look(At(75)).Phase, beats.Look(At(75)).IsFinal));
        Assert.Equal(("WALinuxAgent", At(35)), (beats.Agent, beats.ProvisionedAt));
    }

    /// <summary>cloud-init reports early in the boot, whatever the machine's speed: ready after 107 s means that a second agent comes as late.</summary>
    [Fact]
    public void Look_ReadyOfASlowGuest_SettlesAsSlowly()
    {
        GuestBeats beats = GuestBeats.Start(Options, Start).Take(Signal(106, GuestSignalKind.GoalStatePolled)).Take(Signal(107, GuestSignalKind.Ready));

        Assert.Equal((false, true), (beats.Look(At(107 + 213)).IsFinal, beats.Look(At(107 + 214)).IsFinal));

        beats = beats.Take(Signal(213, GuestSignalKind.GoalStatePolled, "WALinuxAgent"));
        Assert.Equal((false, true), (beats.Look(At(213 + 213)).IsFinal, beats.Look(At(213 + 214)).IsFinal));
    }

    [Fact]
    public void Look_Failed_HasTheAgentsWordsAndStays()
    {
        GuestBeats beats = GuestBeats.Start(Options, Start)
            .Take(Signal(30, GuestSignalKind.NotReady, "WALinuxAgent", "ProvisioningFailed", "[CopyOvfEnv] Error mounting dvd"))
            .Take(Signal(31, GuestSignalKind.Ready, "cloud-init"));

        Assert.Equal(new BeatVerdict(GuestPhase.Failed, "[CopyOvfEnv] Error mounting dvd", IsResetDue: false, IsFinal: true, null), beats.Look(At(32)));
        Assert.Equal(GuestPhase.Ready, beats.Reboot(At(40)).Take(Signal(50, GuestSignalKind.Ready)).Look(At(51)).Phase);
    }

    [Fact]
    public void Look_NotReadyInTime_IsTimedOutAndALaterReadyCounts()
    {
        GuestBeats beats = GuestBeats.Start(new BeatOptions { Provisioning = TimeSpan.FromMinutes(15) }, Start).Take(Signal(40, GuestSignalKind.AddressTaken));

        BeatVerdict verdict = beats.Look(At(15 * 60));
        Assert.Equal((GuestPhase.TimedOut, true), (verdict.Phase, verdict.IsFinal));
        Assert.Equal("Not ready after 00:15:00. Last seen: Took the address (cloud-init), 40 s after its start.", verdict.Message);
        Assert.Equal(GuestPhase.Ready, beats.Take(Signal(16 * 60, GuestSignalKind.Ready)).Look(At(16 * 60)).Phase);
    }

    [Fact]
    public void Look_SilentWhileBeating_IsResetThenFailed()
    {
        GuestBeats beats = Waagent();
        Assert.False(beats.Look(At(80 + 599)).IsResetDue);
        Assert.Equal((GuestPhase.Ready, true, false), (beats.Look(At(680)).Phase, beats.Look(At(680)).IsResetDue, beats.Look(At(680)).IsFinal));

        beats = beats.Reset(At(680));
        Assert.Equal((false, At(680 + (20 * 60))), (beats.Look(At(681)).IsResetDue, beats.Look(At(681)).LookAgainAt));
        BeatVerdict verdict = beats.Look(At(680 + (20 * 60)));
        Assert.Equal(
            new BeatVerdict(GuestPhase.Failed, "There was no beat for 00:20:00, again after a reset. Nothing was heard from it.", IsResetDue: false, IsFinal: true, null), verdict);
    }

    [Fact]
    public void Look_SilentAgainSoonAfterAReset_IsFailed()
    {
        GuestBeats beats = Waagent().Reset(At(700)).Take(Signal(760, GuestSignalKind.GoalStatePolled));

        Assert.Equal(GuestPhase.Ready, beats.Look(At(760 + 599)).Phase);
        Assert.Equal(GuestPhase.Failed, beats.Look(At(760 + 600)).Phase);
    }

    [Fact]
    public void Look_BeatsForLongAfterAReset_AreForgiven()
    {
        GuestBeats beats = Waagent().Reset(At(700)).Take(Signal(760, GuestSignalKind.StatusPut)).Take(Signal(700 + 3600, GuestSignalKind.StatusPut));

        Assert.Null(beats.ResetAt);
        Assert.Equal((GuestPhase.Ready, true), (beats.Look(At(700 + 3600 + 600)).Phase, beats.Look(At(700 + 3600 + 600)).IsResetDue));
    }

    /// <summary>cloud-init alone says nothing more when it is done.</summary>
    [Fact]
    public void Look_SilentAfterReadyWithoutAStayingAgent_IsNeverReset()
    {
        Assert.Equal(new BeatVerdict(GuestPhase.Ready, null, IsResetDue: false, IsFinal: true, null), CloudInit().Look(At(1_000_000)));
        Assert.False(CloudInit().Reboot(At(100)).Look(At(1_000_000)).IsResetDue);
    }

    [Fact]
    public void Look_SilentBeforeTheFirstBeat_HasLonger()
    {
        GuestBeats beats = GuestBeats.Start(Options, Start).Take(Signal(30, GuestSignalKind.AddressTaken));

        Assert.False(beats.Look(At((20 * 60) - 1)).IsResetDue);
        Assert.True(beats.Look(At(20 * 60)).IsResetDue);
        Assert.Equal(GuestPhase.Failed, beats.Reset(At(20 * 60)).Look(At(40 * 60)).Phase);
    }

    [Fact]
    public void Reboot_OfAReadyGuest_StaysReadyAndExpectsBeats()
    {
        GuestBeats beats = Waagent().Reboot(At(100));

        Assert.Equal((2, GuestPhase.Ready), (beats.Boots, beats.Look(At(101)).Phase));
        Assert.False(beats.Look(At(100 + 1199)).IsResetDue);
        Assert.True(beats.Look(At(100 + 1200)).IsResetDue);
        Assert.False(beats.Take(Signal(150, GuestSignalKind.GoalStatePolled)).Look(At(150 + 599)).IsResetDue);
        Assert.True(beats.Take(Signal(150, GuestSignalKind.GoalStatePolled)).Look(At(150 + 600)).IsResetDue);
    }

    [Fact]
    public void Look_NotReadyLongAfterReady_HasItsTimeFromThen()
    {
        GuestBeats beats = Waagent().Take(Signal(100_000, GuestSignalKind.NotReady, "WALinuxAgent", "Provisioning", "Starting"));

        Assert.Equal(GuestPhase.Provisioning, beats.Look(At(100_001)).Phase);
        Assert.Equal(GuestPhase.TimedOut, beats.Take(Signal(102_300, GuestSignalKind.GoalStatePolled)).Look(At(102_400)).Phase);
    }

    [Fact]
    public void End_BeforeReady_IsFailed()
    {
        Assert.Equal(
            (GuestPhase.Failed, "The guest ended before it was ready. It powered off."),
            (GuestBeats.Start(Options, Start).End(At(9), "It powered off.").Look(At(9)).Phase, GuestBeats.Start(Options, Start).End(At(9), "It powered off.").Look(At(9)).Message));
        Assert.Equal(new BeatVerdict(GuestPhase.Ready, "It powered off.", IsResetDue: false, IsFinal: true, null), Waagent().End(At(99), "It powered off.").Look(At(1_000_000)));
    }

    [Fact]
    public void Look_ProvisionedBefore_NeedsNoAgent()
    {
        var beats = GuestBeats.Start(Options with { IsProvisioned = true }, Start);

        Assert.Equal((GuestPhase.Starting, false), (beats.Look(At(1_000_000)).Phase, beats.Look(At(1_000_000)).IsResetDue));
        beats = beats.Take(Signal(50, GuestSignalKind.GoalStatePolled));
        Assert.Equal((GuestPhase.Ready, false, true), (beats.Look(At(51)).Phase, beats.Look(At(51)).IsResetDue, beats.Look(At(50 + 600)).IsResetDue));
    }

    [Fact]
    public void Steps_AreFirstTimesAndBounded()
    {
        var beats = GuestBeats.Start(Options, Start);
        for (int second = 1; second < 500; second++)
        {
            beats = beats.Take(Signal(second, GuestSignalKind.GoalStatePolled)).Take(Signal(second, GuestSignalKind.NotReady, "a", "Provisioning", $"{second / 2}"));
        }

        Assert.Equal(64, beats.Steps.Count);
        Assert.Equal(new GuestStep(At(1), 1, "Asked for the goal state", "cloud-init"), beats.Steps[1]);
        Assert.Single(beats.Steps, step => step.What == "Asked for the goal state");
    }

    private static DateTimeOffset At(int seconds) => Start.AddSeconds(seconds);

    private static GuestSignal Signal(int seconds, GuestSignalKind kind, string agent = "cloud-init", string? subStatus = null, string? description = null) =>
        new(kind, At(seconds), agent, "1.0", subStatus, description);

    private static GuestBeats CloudInit() => GuestBeats.Start(Options, Start)
        .Take(Signal(30, GuestSignalKind.MetadataRead))
        .Take(Signal(33, GuestSignalKind.GoalStatePolled))
        .Eject(At(34))
        .Take(Signal(35, GuestSignalKind.Ready));

    private static GuestBeats Waagent() => CloudInit()
        .Take(Signal(60, GuestSignalKind.NotReady, "WALinuxAgent", "Provisioning", "Starting"))
        .Take(Signal(74, GuestSignalKind.Ready, "WALinuxAgent"))
        .Take(Signal(80, GuestSignalKind.StatusPut, "WALinuxAgent"));
}
