using System.Globalization;
using AzureVmRole.Fabric.Hosts;
using AzureVmRole.Fabric.Resources;

namespace AzureVmRole.Fabric.VirtualMachines;

/// <summary>
/// Says what is due for a virtual machine, from what is asked for, what there is, and the time; pure. Whoever follows a plan plans again until
/// it is empty: an action changes what the next plan is made from.
/// </summary>
internal static class VmPlanner
{
    /// <summary>Plans.</summary>
    public static VmPlan Plan(VmDocument desired, VmObserved observed, VmSituation situation)
    {
        if (situation.State == ProvisioningState.Deleting)
        {
            return new VmPlan(PlanRemoval(desired, observed));
        }

        var actions = new List<VmAction>();
        if (IsNews(observed, situation.Report))
        {
            actions.Add(new VmAction.NoteReport());
        }

        return situation.IsSettled ? PlanUpkeep(desired, observed, situation, actions) : new VmPlanning(desired, observed, situation, actions).Plan();
    }

    /// <summary>The power that a report shows.</summary>
    public static VmPower PowerOf(GuestReport report) => report.Power switch
    {
        GuestPower.Starting => VmPower.Starting,
        GuestPower.Running => VmPower.Running,
        GuestPower.Stopping => VmPower.Stopping,
        _ => VmPower.Stopped,
    };

    /// <summary>Whether a report says something that is not noted.</summary>
    public static bool IsNews(VmObserved observed, GuestReport? report) =>
        report is not null && observed.Host is not null && report.Boot == observed.Boot
        && (PowerOf(report) != observed.Power || report.Provisioning != observed.Provisioning || report.Message != observed.Message
            || report.AgentVersion != observed.AgentVersion || report.Access?.Endpoint != observed.Endpoint || report.Access?.ConsolePath != observed.ConsolePath);

    private static List<VmAction> PlanRemoval(VmDocument desired, VmObserved observed)
    {
        var actions = new List<VmAction>();
        if (observed.Host is not null)
        {
            actions.Add(new VmAction.RemoveFromHost());
        }

        if (desired.Intent is { CaptureBlob: { } blob, CaptureDisk: { } uniqueId })
        {
            actions.Add(new VmAction.DropCapture(blob, uniqueId));
        }

        IEnumerable<string> disks = observed.Disks.Select(disk => disk.DiskId)
            .Concat(desired.AllDisks.Select(disk => disk.DiskId)).Concat(desired.Intent.Releasing)
            .DistinctBy(id => id.ToLowerInvariant(), StringComparer.Ordinal);
        actions.AddRange(disks.Select(id => new VmAction.ReleaseDisk(id)));
        actions.Add(new VmAction.Forget());
        return actions;
    }

    /// <summary>A host that was started again has forgotten its guests; a guest that was given up can still become ready.</summary>
    private static VmPlan PlanUpkeep(VmDocument desired, VmObserved observed, VmSituation situation, List<VmAction> actions)
    {
        bool isLost = situation.Report is null && observed.Host is not null && desired.Intent.Power == VmPower.Running
            && observed.Boot == desired.Intent.Boot && observed.Power is VmPower.Running or VmPower.Starting;
        if (isLost)
        {
            actions.Add(new VmAction.StartGuest(observed.Boot));
        }
        else if (situation.State == ProvisioningState.Failed && observed.FaultCode == VmPlanning.TimedOut
            && situation.Report is { Power: GuestPower.Running, Provisioning: GuestProvisioning.Succeeded })
        {
            actions.Add(new VmAction.Settle());
        }

        return new VmPlan(actions);
    }

    /// <summary>A time span as people write it.</summary>
    internal static string Words(TimeSpan time) => time.TotalMinutes >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0.#} minutes")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} seconds");
}
