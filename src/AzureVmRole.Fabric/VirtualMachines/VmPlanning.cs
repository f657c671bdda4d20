using AzureVmRole.Fabric.Hosts;

namespace AzureVmRole.Fabric.VirtualMachines;

/// <summary>The making of one plan for a generation that is not reached yet.</summary>
internal sealed class VmPlanning(VmDocument desired, VmObserved observed, VmSituation situation, List<VmAction> actions)
{
    /// <summary>The error code of a guest whose agent did not report in time.</summary>
    public const string TimedOut = "OSProvisioningTimedOut";

    private readonly VmIntent _intent = desired.Intent;
    private readonly HashSet<string> _wanted = [.. desired.AllDisks.Select(disk => disk.Key)];

    private GuestReport? Report => observed.Host is null ? null : situation.Report;

    private bool IsWantedRunning => _intent.Power == VmPower.Running;

    private bool IsUp => Report is { Power: not GuestPower.Stopped };

    /// <summary>Whether the boot that is asked for runs, so that disks come and go while it does.</summary>
    private bool IsCurrentBootUp => IsUp && IsWantedRunning && Report?.Boot == _intent.Boot;

    /// <summary>Whether the boot that is asked for has ended by itself: the guest was shut down from the inside, and stays so until somebody starts it.</summary>
    private bool IsShutDownInside => observed.Boot == _intent.Boot
        && (Report is { Power: GuestPower.Stopped } report ? report.Boot == observed.Boot : observed.Host is not null && observed.Power == VmPower.Stopped);

    /// <summary>Makes the plan.</summary>
    public VmPlan Plan()
    {
        if (!LeaveHost())
        {
            return new VmPlan(actions);
        }

        Release();
        bool isWaiting = !Lease(out VmAction.Settle? failure);
        if (failure is not null)
        {
            return Done(failure);
        }

        if (!IsPlaced() || isWaiting)
        {
            return new VmPlan(actions);
        }

        if (IsCurrentBootUp)
        {
            ChangeAttachments();
        }

        if (IsWantedRunning && !IsShutDownInside)
        {
            return Run();
        }

        return actions.Exists(action => action is not VmAction.NoteReport) ? new VmPlan(actions) : Done(Capture());
    }

    private VmPlan Done(VmAction? last)
    {
        if (last is not null)
        {
            actions.Add(last);
        }

        return new VmPlan(actions);
    }

    /// <summary>Takes the guest down where that boot must not run, and then gives its place back where that is asked for.</summary>
    /// <returns>Whether the rest of the plan can follow; false while the guest shuts down, or has to.</returns>
    private bool LeaveHost()
    {
        if (observed.Host is null)
        {
            return true;
        }

        if (IsUp && (!IsWantedRunning || Report!.Boot < _intent.Boot))
        {
            if (Report!.Power == GuestPower.Stopping && !_intent.IsStopForced)
            {
                return false;
            }

            actions.Add(new VmAction.StopGuest(_intent.IsStopForced));
            return false;
        }

        if (_intent.Power == VmPower.Stopped && Report is null && observed.Power is not VmPower.Stopped)
        {
            // The host has forgotten the guest; nothing runs, and that is what was asked for.
            actions.Add(new VmAction.StopGuest(IsForced: true));
        }
        else if (_intent.Power == VmPower.Deallocated || (IsWantedRunning && observed.Host == _intent.LeavesHost && observed.Boot < _intent.Boot))
        {
            actions.Add(new VmAction.RemoveFromHost());
        }

        return true;
    }

    private void Release()
    {
        foreach (VmAttachment disk in observed.Disks.Where(disk => !_wanted.Contains(disk.Key)))
        {
            if (IsCurrentBootUp && Report!.Luns.Contains(disk.Lun))
            {
                actions.Add(new VmAction.DetachDisk(disk.Lun));
            }

            actions.Add(new VmAction.ReleaseDisk(disk.DiskId));
        }

        HashSet<string> leased = [.. observed.Disks.Select(disk => disk.Key)];
        actions.AddRange(_intent.Releasing
            .Where(id => !leased.Contains(id.ToLowerInvariant()) && !_wanted.Contains(id.ToLowerInvariant()))
            .Select(id => new VmAction.ReleaseDisk(id)));
    }

    /// <summary>Leases what is ready.</summary>
    /// <param name="failure">A disk that cannot come; null when none.</param>
    /// <returns>Whether no disk is awaited.</returns>
    private bool Lease(out VmAction.Settle? failure)
    {
        failure = null;
        bool isComplete = true;
        foreach (VmDisk disk in desired.AllDisks.Where(disk => observed.Disks.All(leased => leased.Key != disk.Key)))
        {
            VmDiskFact fact = situation.Disks.GetValueOrDefault(disk.Key, VmDiskFact.Missing);
            switch (fact.Condition)
            {
                case VmDiskCondition.Ready:
                    actions.Add(new VmAction.LeaseDisk(disk.Attachment));
                    break;
                case VmDiskCondition.InTheMaking:
                    isComplete = false;
                    break;
                default:
                    failure ??= new VmAction.Settle(
                        "DiskProcessingError",
                        $"The disk '{disk.Name}' ({(disk.Lun == VmDisk.OSLun ? "OS disk" : $"LUN {disk.Lun}")}) cannot be attached: {fact.Message ?? "it does not exist any more."}");
                    break;
            }
        }

        return isComplete;
    }

    /// <summary>Sees to a place of the right size.</summary>
    /// <returns>Whether the rest of the plan can follow: a place that is only asked for now is there after this plan.</returns>
    private bool IsPlaced()
    {
        bool isLeaving = actions.Exists(action => action is VmAction.RemoveFromHost);
        if (observed.Host is not null && !isLeaving)
        {
            if (observed.Size != desired.Size)
            {
                actions.Add(new VmAction.Resize(desired.Size));
            }

            return true;
        }

        if (!IsWantedRunning)
        {
            return true;
        }

        actions.Add(new VmAction.Place(desired.Size, _intent.Boot, _intent.LeavesHost));
        return false;
    }

    private void ChangeAttachments()
    {
        foreach (VmDisk disk in desired.DataDisks)
        {
            VmAttachment? leased = observed.Disks.FirstOrDefault(other => other.Key == disk.Key);
            if (leased?.Caching != disk.Caching || !Report!.Luns.Contains(disk.Lun))
            {
                actions.Add(new VmAction.AttachDisk(disk.Attachment));
            }
        }
    }

    private VmPlan Run()
    {
        if (Report is null || Report.Boot < _intent.Boot)
        {
            actions.Add(new VmAction.StartGuest(_intent.Boot));
            return new VmPlan(actions);
        }

        if (actions.Exists(action => action is not VmAction.NoteReport))
        {
            return new VmPlan(actions);
        }

        if (Report.Power != GuestPower.Running)
        {
            return new VmPlan(actions);
        }

        bool isProvisioning = _intent.IsProvisioned && observed.ProvisionedDisk != desired.OSDisk.Key;
        return isProvisioning ? AwaitAgent(Report) : Done(Capture());
    }

    private VmPlan AwaitAgent(GuestReport report)
    {
        switch (report.Provisioning)
        {
            case GuestProvisioning.Succeeded:
                return Done(Capture());
            case GuestProvisioning.Failed:
                return Done(new VmAction.Settle("OSProvisioningClientError", $"The agent in the guest gave up: {report.Message ?? "it did not say why."}"));
        }

        DateTimeOffset begun = observed.BootedAt ?? situation.Now;
        TimeSpan left = (_intent.AskedAt > begun ? _intent.AskedAt.Value : begun) + situation.ProvisioningLimit - situation.Now;
        return left > TimeSpan.Zero
            ? new VmPlan(actions, left)
            : Done(new VmAction.Settle(
                TimedOut,
                $"The guest runs, and its agent did not report that it is ready within {VmPlanner.Words(situation.ProvisioningLimit)}: "
                + (report.Message ?? _intent.NotGeneralizedReason ?? "it has said nothing.")));
    }

    private VmAction Capture() => _intent.CaptureBlob is { } blob && !situation.IsCaptured ? new VmAction.CopyOSDisk(blob) : new VmAction.Settle();
}
