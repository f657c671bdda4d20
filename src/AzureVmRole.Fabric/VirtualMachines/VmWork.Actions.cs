using System.Net;
using AzureVmRole.Fabric.Hosts;
using AzureVmRole.Fabric.Media;
using AzureVmRole.Fabric.Placement;
using AzureVmRole.Fabric.Resources;
using AzureVmRole.Fabric.State;

namespace AzureVmRole.Fabric.VirtualMachines;

internal sealed partial class VmWork
{
    /// <summary>Does what a plan says, until it is done or something cannot be done: then the operation ends as failed.</summary>
    public async Task FollowAsync(VmPlan plan, CancellationToken cancellationToken)
    {
        try
        {
            foreach (VmAction action in plan.Actions)
            {
                await DoAsync(action, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (FabricException fault) when (Row.State != ProvisioningState.Deleting && !FabricDatabase.IsItsOwn(fault))
        {
            Settle(fault);
        }
    }

    private Task DoAsync(VmAction action, CancellationToken cancellationToken)
    {
        switch (action)
        {
            case VmAction.Place place:
                Place(place);
                return Task.CompletedTask;
            case VmAction.Resize resize:
                return ResizeAsync(resize, cancellationToken);
            case VmAction.LeaseDisk lease:
                return LeaseAsync(lease.Disk, cancellationToken);
            case VmAction.ReleaseDisk release:
                return ReleaseAsync(release.DiskId, cancellationToken);
            case VmAction.StartGuest start:
                return StartAsync(start.Boot, cancellationToken);
            case VmAction.StopGuest stop:
                return StopAsync(stop.IsForced, cancellationToken);
            case VmAction.AttachDisk attach:
                return AttachAsync(attach.Disk, cancellationToken);
            case VmAction.DetachDisk detach:
                return Host?.DetachAsync(Desired.Intent.VmId, detach.Lun, cancellationToken) ?? Task.CompletedTask;
            case VmAction.RemoveFromHost:
                return RemoveFromHostAsync(cancellationToken);
            case VmAction.NoteReport:
                SeeReport();
                return Task.CompletedTask;
            case VmAction.CopyOSDisk copy:
                return CopyOSDiskAsync(copy.Blob, cancellationToken);
            case VmAction.DropCapture drop:
                return Media.DeleteUnfinishedAsync(drop.Blob, new DiskIdentity(drop.UniqueId), cancellationToken);
            case VmAction.Settle settle:
                Settle(settle.FaultCode is null ? null : new FabricException(HttpStatusCode.Conflict, settle.FaultCode, id.Name, settle.FaultMessage ?? ""));
                return Task.CompletedTask;
            case VmAction.Forget:
                Forget();
                return Task.CompletedTask;
            default:
                throw new InvalidOperationException($"The action {action} is not known.");
        }
    }

    private PlacementRequest RequestOf(string size, string? avoidHost = null)
    {
        VmSize found = VmSizes.Find(size) ?? throw new FabricException(HttpStatusCode.Conflict, "SkuNotAvailable", size, $"The size '{size}' is not known any more.", "Choose another size.");
        return new PlacementRequest(Row.Location, found.Cores, found.MemoryInMB, Row.Desired["properties"].Text("availabilitySet", "id"), avoidHost, parts.HostKind);
    }

    private void Place(VmAction.Place place)
    {
        HostProfile host = parts.Ledger.Reserve(id, RequestOf(place.Size, place.AvoidHost));
        See(_observed with { Host = host.Id, HostKind = host.Kind, Size = place.Size });
        if (place.Boot is { } boot)
        {
            SeeBoot(boot);
        }

        Note();
    }

    private void SeeBoot(long boot) => See(_observed with
    {
        Boot = boot,
        BootedAt = parts.Clock.GetUtcNow(),
        Power = VmPower.Starting,
        Provisioning = GuestProvisioning.InProgress,
        Message = null,
        AgentVersion = null,
        Since = parts.Clock.GetUtcNow(),
    });

    private async Task ResizeAsync(VmAction.Resize resize, CancellationToken cancellationToken)
    {
        IHostAgent? before = Host;
        HostProfile host = parts.Ledger.Reserve(id, RequestOf(resize.Size));
        if (host.Id != _observed.Host && before is not null)
        {
            await before.RemoveAsync(Desired.Intent.VmId, cancellationToken).ConfigureAwait(false);
        }

        See(_observed with { Host = host.Id, HostKind = host.Kind, Size = resize.Size });
        Note();
    }

    private async Task StartAsync(long boot, CancellationToken cancellationToken)
    {
        IHostAgent host = Host ?? throw new FabricException(
            HttpStatusCode.Conflict, "AllocationFailed", id.Name, $"The host '{_observed.Host}' does not exist any more.", "Deallocate the virtual machine, and start it again.");
        if (_observed.Boot < boot)
        {
            SeeBoot(boot);
        }

        See(_observed with
        {
            Disks = [.. _observed.Disks.Select(leased => Desired.AllDisks.FirstOrDefault(disk => disk.Key == leased.Key)?.Attachment ?? leased)],
        });
        Note();
        await host.StartAsync(OrderOf(boot), cancellationToken).ConfigureAwait(false);
    }

    private async Task StopAsync(bool isForced, CancellationToken cancellationToken)
    {
        if (Host is { } host)
        {
            await host.StopAsync(Desired.Intent.VmId, isForced, cancellationToken).ConfigureAwait(false);
        }

        if (Host?.Report(Desired.Intent.VmId) is not { Power: not GuestPower.Stopped })
        {
            See(_observed with { Power = VmPower.Stopped, Since = parts.Clock.GetUtcNow() });
        }
    }

    private async Task AttachAsync(VmAttachment disk, CancellationToken cancellationToken)
    {
        if (Host is { } host)
        {
            await host.AttachAsync(Desired.Intent.VmId, GuestDiskOf(disk), cancellationToken).ConfigureAwait(false);
        }

        See(_observed.With(disk));
    }

    private async Task RemoveFromHostAsync(CancellationToken cancellationToken)
    {
        if (Host is { } host)
        {
            await host.RemoveAsync(Desired.Intent.VmId, cancellationToken).ConfigureAwait(false);
        }

        parts.Ledger.Release(id);
        See(_observed with
        {
            Host = null,
            Size = null,
            Power = VmPower.Deallocated,
            Provisioning = GuestProvisioning.None,
            Message = null,
            AgentVersion = null,
            Since = parts.Clock.GetUtcNow(),
        });
        See(_observed.With(access: null));
    }

    private void SeeReport()
    {
        if (Host?.Report(Desired.Intent.VmId) is { } report)
        {
            See(_observed with
            {
                Power = VmPlanner.PowerOf(report),
                Provisioning = report.Provisioning,
                Message = report.Message,
                AgentVersion = report.AgentVersion,
                Since = report.Since,
                ProvisionedDisk = report.Provisioning == GuestProvisioning.Succeeded ? Desired.OSDisk.Key : _observed.ProvisionedDisk,
            });
            See(_observed.With(report.Access));
        }
    }

    private async Task CopyOSDiskAsync(string blob, CancellationToken cancellationToken)
    {
        Resource osDisk = DiskOf(Desired.OSDisk.Key);
        var identity = new DiskIdentity(Desired.Intent.CaptureDisk ?? Guid.NewGuid(), "Generalized");
        await Media.CopyAsync(Media, BlobOf(osDisk), blob, identity, cancellationToken).ConfigureAwait(false);
        _isCaptured = true;
    }
}
