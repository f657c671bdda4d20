using AzureVmRole.Fabric.Hosts;
using AzureVmRole.Fabric.Resources;
using AzureVmRole.Fabric.VirtualMachines;
using Xunit;

namespace AzureVmRole.Fabric.Tests.VirtualMachines;

/// <summary>What is due in which situation: each test is a row of the planner's table.</summary>
public sealed class VmPlannerTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(40);
    private static readonly VmAttachment OSDisk = new(VmDisk.OSLun, "/os", "ReadWrite");
    private static readonly VmAttachment Data = new(3, "/data", "None");

    [Fact]
    public void Plan_DisksInTheMaking_PlacesAndWaits()
    {
        VmPlan plan = Plan(Desired(), VmObserved.Nothing, report: null, disks: [("/os", VmDiskCondition.InTheMaking)]);
        Assert.Equal([new VmAction.Place("Standard_B1s", 1, null)], plan.Actions);

        plan = Plan(Desired(), Placed(), report: null, disks: [("/os", VmDiskCondition.InTheMaking)]);
        Assert.Empty(plan.Actions);
        Assert.Null(plan.LookAgain);
    }

    [Fact]
    public void Plan_DisksReady_LeasesAndStarts() => Assert.Equal(
        [new VmAction.LeaseDisk(OSDisk), new VmAction.LeaseDisk(Data), new VmAction.StartGuest(1)],
        Plan(Desired(data: [Data]), Placed(), report: null).Actions);

    [Fact]
    public void Plan_AgentReady_Settles() => Assert.Equal(
        [new VmAction.NoteReport(), new VmAction.Settle()],
        Plan(Desired(), Placed(OSDisk), Report(GuestPower.Running, GuestProvisioning.Succeeded)).Actions);

    [Fact]
    public void Plan_AgentSilent_WaitsForTheRestOfTheLimit()
    {
        VmPlan plan = Plan(Desired(), Running(OSDisk) with { ProvisionedDisk = null, Provisioning = GuestProvisioning.InProgress, BootedAt = Now - TimeSpan.FromMinutes(10) }, Report(GuestPower.Running, GuestProvisioning.InProgress));

        Assert.Empty(plan.Actions);
        Assert.Equal(TimeSpan.FromMinutes(30), plan.LookAgain);
    }

    [Fact]
    public void Plan_AgentSilentTooLong_FailsWithItsMessage()
    {
        VmObserved observed = Running(OSDisk) with { ProvisionedDisk = null, Provisioning = GuestProvisioning.InProgress, BootedAt = Now - Limit, Message = "not generalised" };
        VmAction action = Assert.Single(Plan(Desired(), observed, Report(GuestPower.Running, GuestProvisioning.InProgress, message: "not generalised")).Actions);

        VmAction.Settle settle = Assert.IsType<VmAction.Settle>(action);
        Assert.Equal("OSProvisioningTimedOut", settle.FaultCode);
        Assert.Contains("not generalised", settle.FaultMessage, StringComparison.Ordinal);
        Assert.Contains("40 minutes", settle.FaultMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_SpecialisedGuestRuns_SettlesWithoutAgent() => Assert.Equal(
        [new VmAction.Settle()],
        Plan(
            Desired(intent => intent with { IsProvisioned = false }), Running(OSDisk) with { ProvisionedDisk = null, Provisioning = GuestProvisioning.InProgress },
            Report(GuestPower.Running, GuestProvisioning.InProgress)).Actions);

    [Fact]
    public void Plan_NextBoot_StopsThenStarts()
    {
        VmDocument desired = Desired(intent => intent with { Boot = 2 });
        Assert.Equal([new VmAction.StopGuest(IsForced: false)], Plan(desired, Running(OSDisk), Report(GuestPower.Running)).Actions);
        Assert.Empty(Plan(desired, Running(OSDisk) with { Power = VmPower.Stopping }, Report(GuestPower.Stopping)).Actions);
        Assert.Equal([new VmAction.StartGuest(2)], Plan(desired, Running(OSDisk) with { Power = VmPower.Stopped }, Report(GuestPower.Stopped)).Actions);
    }

    [Fact]
    public void Plan_Stopped_KeepsThePlace_Deallocated_GivesItBack()
    {
        VmDocument stopped = Desired(intent => intent with { Power = VmPower.Stopped, IsStopForced = true });
        Assert.Equal([new VmAction.StopGuest(IsForced: true)], Plan(stopped, Running(OSDisk), Report(GuestPower.Running)).Actions);
        Assert.Equal([new VmAction.Settle()], Plan(stopped, Running(OSDisk) with { Power = VmPower.Stopped }, Report(GuestPower.Stopped)).Actions);

        VmDocument deallocated = Desired(intent => intent with { Power = VmPower.Deallocated });
        Assert.Equal([new VmAction.StopGuest(IsForced: false)], Plan(deallocated, Running(OSDisk), Report(GuestPower.Running)).Actions);
        Assert.Equal([new VmAction.RemoveFromHost()], Plan(deallocated, Running(OSDisk) with { Power = VmPower.Stopped }, Report(GuestPower.Stopped)).Actions);
        Assert.Equal([new VmAction.Settle()], Plan(deallocated, VmObserved.Nothing.With(OSDisk) with { Boot = 1 }, report: null).Actions);
    }

    [Fact]
    public void Plan_DataDiskAdded_AttachesWhileRunning()
    {
        VmDocument desired = Desired(data: [Data]);
        Assert.Equal([new VmAction.LeaseDisk(Data), new VmAction.AttachDisk(Data)], Plan(desired, Running(OSDisk), Report(GuestPower.Running)).Actions);
        Assert.Equal([new VmAction.Settle()], Plan(desired, Running(OSDisk, Data), Report(GuestPower.Running, luns: 3)).Actions);
    }

    [Fact]
    public void Plan_DataDiskRemoved_DetachesBeforeTheLeaseGoes() => Assert.Equal(
        [new VmAction.DetachDisk(3), new VmAction.ReleaseDisk("/data")], Plan(Desired(), Running(OSDisk, Data), Report(GuestPower.Running, luns: 3)).Actions);

    [Fact]
    public void Plan_DataDiskRemovedWithARestart_WaitsForTheGuestToEnd() => Assert.Equal(
        [new VmAction.StopGuest(IsForced: false)],
        Plan(Desired(intent => intent with { Boot = 2 }), Running(OSDisk, Data), Report(GuestPower.Running, luns: 3)).Actions);

    [Fact]
    public void Plan_DataDiskRemovedBeforeItWasLeased_IsGivenBack() => Assert.Equal(
        [new VmAction.ReleaseDisk("/data")],
        Plan(Desired(intent => intent with { Releasing = ["/data"] }), Running(OSDisk), Report(GuestPower.Running)).Actions);

    [Fact]
    public void Plan_CachingOfADataDisk_ChangesWhileRunning() => Assert.Equal(
        [new VmAction.AttachDisk(Data with { Caching = "ReadOnly" })],
        Plan(Desired(data: [Data with { Caching = "ReadOnly" }]), Running(OSDisk, Data), Report(GuestPower.Running, luns: 3)).Actions);

    [Theory]
    [InlineData(VmDiskCondition.Failed)]
    [InlineData(VmDiskCondition.Missing)]
    public void Plan_DiskThatCannotCome_Fails(object condition)
    {
        VmPlan plan = Plan(Desired(data: [Data]), Running(OSDisk), Report(GuestPower.Running), disks: [("/os", VmDiskCondition.Ready), ("/data", (VmDiskCondition)condition)]);

        VmAction.Settle settle = Assert.IsType<VmAction.Settle>(plan.Actions[^1]);
        Assert.Equal("DiskProcessingError", settle.FaultCode);
        Assert.Contains("LUN 3", settle.FaultMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_Redeploy_LeavesTheHostOnce()
    {
        VmDocument desired = Desired(intent => intent with { Boot = 2, LeavesHost = "host0" });
        Assert.Equal(
            [new VmAction.RemoveFromHost(), new VmAction.Place("Standard_B1s", 2, "host0")],
            Plan(desired, Running(OSDisk) with { Power = VmPower.Stopped }, Report(GuestPower.Stopped)).Actions);
        Assert.Equal([new VmAction.StartGuest(2)], Plan(desired, Running(OSDisk) with { Power = VmPower.Starting, Boot = 2 }, report: null).Actions);
    }

    [Fact]
    public void Plan_OtherSize_ChangesThePlaceBeforeTheNextBoot() => Assert.Equal(
        [new VmAction.Resize("Standard_B1s"), new VmAction.StartGuest(2)],
        Plan(Desired(intent => intent with { Boot = 2 }), Running(OSDisk) with { Power = VmPower.Stopped, Size = "Standard_B2s" }, Report(GuestPower.Stopped)).Actions);

    [Fact]
    public void Plan_GuestShutDownFromTheInside_IsNotStartedAgain() => Assert.Equal(
        [new VmAction.NoteReport()], Plan(Desired(), Running(OSDisk), Report(GuestPower.Stopped), isSettled: true).Actions);

    [Fact]
    public void Plan_HostForgotTheGuest_StartsTheSameBoot() => Assert.Equal(
        [new VmAction.StartGuest(1)], Plan(Desired(), Running(OSDisk), report: null, isSettled: true).Actions);

    [Fact]
    public void Plan_LateAgent_MakesGoodATimeOut() => Assert.Contains(
        new VmAction.Settle(),
        Plan(
            Desired(), Running(OSDisk) with { FaultCode = "OSProvisioningTimedOut" }, Report(GuestPower.Running), isSettled: true,
            state: ProvisioningState.Failed).Actions);

    [Fact]
    public void Plan_Deleting_GivesEverythingBack() => Assert.Equal(
        [new VmAction.RemoveFromHost(), new VmAction.ReleaseDisk("/os"), new VmAction.ReleaseDisk("/data"), new VmAction.ReleaseDisk("/gone"), new VmAction.Forget()],
        Plan(
            Desired(intent => intent with { Releasing = ["/gone"] }, data: [Data]), Running(OSDisk), Report(GuestPower.Running), state: ProvisioningState.Deleting).Actions);

    [Fact]
    public void Plan_DeletingWhileCaptured_DeletesWhatTheCaptureHasMade()
    {
        var uniqueId = Guid.NewGuid();
        VmDocument desired = Desired(intent => intent with { Power = VmPower.Stopped, CaptureBlob = "system/a.vhd", CaptureDisk = uniqueId });
        Assert.Contains(new VmAction.DropCapture("system/a.vhd", uniqueId), Plan(desired, Placed(OSDisk), null, state: ProvisioningState.Deleting).Actions);
    }

    [Fact]
    public void Plan_Capture_CopiesBeforeItSettles()
    {
        VmDocument desired = Desired(intent => intent with { Power = VmPower.Stopped, CaptureBlob = "system/a.vhd" });
        VmObserved observed = Running(OSDisk) with { Power = VmPower.Stopped };
        Assert.Equal([new VmAction.CopyOSDisk("system/a.vhd")], Plan(desired, observed, Report(GuestPower.Stopped)).Actions);
        Assert.Equal([new VmAction.Settle()], Plan(desired, observed, Report(GuestPower.Stopped), isCaptured: true).Actions);
    }

    [Fact]
    public void Words_SayTimeAsPeopleDo()
    {
        Assert.Equal("40 minutes", VmPlanner.Words(Limit));
        Assert.Equal("1.5 seconds", VmPlanner.Words(TimeSpan.FromSeconds(1.5)));
    }

    private static VmDocument Desired(Func<VmIntent, VmIntent>? change = null, VmAttachment[]? data = null)
    {
        var intent = new VmIntent { VmId = "id", IsProvisioned = true };
        return new VmDocument
        {
            Size = "Standard_B1s",
            OSType = "Linux",
            OSDisk = new VmDisk(VmDisk.OSLun, "os", "/os", "ReadWrite", IsDeletedWithVm: false),
            DataDisks = [.. (data ?? []).Select(disk => new VmDisk(disk.Lun, disk.DiskId[1..], disk.DiskId, disk.Caching, IsDeletedWithVm: false))],
            Tags = new Dictionary<string, string>(StringComparer.Ordinal),
            Intent = change?.Invoke(intent) ?? intent,
        };
    }

    private static VmObserved Placed(params VmAttachment[] disks) => new()
    {
        Host = "host0",
        HostKind = "Simulated",
        Size = "Standard_B1s",
        Boot = 1,
        BootedAt = Now,
        Power = VmPower.Starting,
        Provisioning = GuestProvisioning.InProgress,
        Disks = disks,
    };

    private static VmObserved Running(params VmAttachment[] disks) =>
        Placed(disks) with { Power = VmPower.Running, Provisioning = GuestProvisioning.Succeeded, ProvisionedDisk = "/os" };

    private static GuestReport Report(GuestPower power, GuestProvisioning provisioning = GuestProvisioning.Succeeded, string? message = null, params int[] luns) =>
        new(1, power, provisioning, message, null, luns, Now);

    private static VmPlan Plan(
        VmDocument desired, VmObserved observed, GuestReport? report, (string Key, VmDiskCondition Condition)[]? disks = null, bool isSettled = false,
        bool isCaptured = false, ProvisioningState? state = null) => VmPlanner.Plan(desired, observed, new VmSituation
    {
        IsSettled = isSettled,
        State = state ?? (isSettled ? ProvisioningState.Succeeded : ProvisioningState.Updating),
        Report = report,
        IsCaptured = isCaptured,
        ProvisioningLimit = Limit,
        Now = Now,
        Disks = (disks ?? [("/os", VmDiskCondition.Ready), ("/data", VmDiskCondition.Ready)])
            .ToDictionary(disk => disk.Key, disk => new VmDiskFact(disk.Condition), StringComparer.Ordinal),
    });
}
