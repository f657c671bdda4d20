using System.Net;
using Azure;
using Azure.Core;
using Azure.ResourceManager.Compute;
using Azure.ResourceManager.Compute.Models;
using Azure.ResourceManager.Resources;
using AzureVmRole.Engine.Compute.Connecting;
using AzureVmRole.Engine.Compute.Disks;

namespace AzureVmRole.Engine.Compute.Instances;

/// <summary>Makes the pending changes of an instance: all of them in one request.</summary>
public static class InstanceUpdate
{
    /// <summary>
    /// Reads the instance anew, puts the pending changes on it and asks the service for the result at once. VHDs that are to be imported are registered as disks first;
    /// a registration that was made for a request that is refused is removed again, its VHD stays.
    /// </summary>
    /// <exception cref="FabricException">RequestInvalid, ResourceInUse and so on; ResourceChanged when a LUN is not what the pending change was made for.</exception>
    public static async Task<VMInstance> RunAsync(
        FabricConnection connection, VMInstance instance, OperationOptions waiting, CancellationToken cancellationToken)
    {
        VirtualMachineResource machine = await VMInstances.ReadAsync(connection, instance.ResourceGroupName, instance.Name, cancellationToken).ConfigureAwait(false);
        var registered = new List<VMDisk>();
        bool isAccepted = false;
        try
        {
            foreach (VMChange change in instance.PendingChanges)
            {
                string? id = change is { Kind: VMChangeKind.AddDataDisk, SizeInGB: null }
                    ? await DiskIdAsync(connection, instance, change, registered, waiting, cancellationToken).ConfigureAwait(false)
                    : null;
                Apply(machine.Data, change, id);
            }

            await OperationWait.RunAsync(connection, "update instance", instance.Name, async token =>
            {
                ResourceGroupResource group = connection.Group(instance.ResourceGroupName);
                Operation operation = await group.GetVirtualMachines()
                    .CreateOrUpdateAsync(WaitUntil.Started, instance.Name, machine.Data, token).ConfigureAwait(false);
                isAccepted = true;
                return operation;
            }, waiting, cancellationToken).ConfigureAwait(false);
        }
        catch when (!isAccepted && registered.Count > 0)
        {
            await UndoAsync(connection, registered, waiting).ConfigureAwait(false);
            throw;
        }

        return await VMInstances.GetAsync(connection, instance.ResourceGroupName, instance.Name, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<string> DiskIdAsync(
        FabricConnection connection, VMInstance instance, VMChange change, List<VMDisk> registered, OperationOptions waiting, CancellationToken cancellationToken)
    {
        if (change.DiskId is { } known)
        {
            return known;
        }

        if (change.MediaLocation is not { } media)
        {
            return (await VMDisks.GetAsync(connection, instance.ResourceGroupName, change.DiskName ?? "", cancellationToken).ConfigureAwait(false)).Id;
        }

        var options = new VMDiskOptions
        {
            DiskName = change.DiskName ?? "",
            MediaLocation = media,
            Label = change.DiskLabel,
            ResourceGroupName = instance.ResourceGroupName,
            Location = instance.Location,
        };
        VMDisk disk = await VMDisks.AddAsync(connection, options, waiting, cancellationToken).ConfigureAwait(false);
        registered.Add(disk);
        return disk.Id;
    }

    private static async Task UndoAsync(FabricConnection connection, List<VMDisk> registered, OperationOptions waiting)
    {
        foreach (VMDisk disk in registered)
        {
            try
            {
                await VMDisks.RemoveAsync(
                    connection, disk.ResourceGroupName, disk.DiskName, deleteVhd: !connection.IsLocal, waiting with { NoWait = false }, CancellationToken.None)
                    .ConfigureAwait(false);
            }
            catch (FabricException failure)
            {
                waiting.Log?.WriteWarning($"The disk '{disk.DiskName}' was registered for a request that was refused, and is still there: {failure.Message}");
            }
        }
    }

    private static void Apply(VirtualMachineData data, VMChange change, string? diskId)
    {
        VirtualMachineStorageProfile storage = data.StorageProfile;
        switch (change.Kind)
        {
            case VMChangeKind.SetOSDisk:
                storage.OSDisk.Caching = Words.CachingOf(change.HostCaching ?? HostCaching.ReadWrite);
                break;
            case VMChangeKind.AddDataDisk:
                storage.DataDisks.Add(NewDisk(data, change, diskId));
                break;
            case VMChangeKind.SetDataDisk:
                Require(data, change).Caching = Words.CachingOf(change.HostCaching ?? HostCaching.None);
                break;
            default:
                storage.DataDisks.Remove(Require(data, change));
                break;
        }
    }

    private static VirtualMachineDataDisk NewDisk(VirtualMachineData data, VMChange change, string? diskId)
    {
        int lun = change.Lun ?? 0;
        if (data.StorageProfile.DataDisks.Any(disk => disk.Lun == lun))
        {
            throw Changed(data, $"LUN {lun} of '{data.Name}' has a disk by now.");
        }

        var disk = new VirtualMachineDataDisk(lun, diskId is null ? DiskCreateOptionType.Empty : DiskCreateOptionType.Attach)
        {
            Name = change.DiskName,
            Caching = Words.CachingOf(change.HostCaching ?? HostCaching.None),
            DeleteOption = DiskDeleteOptionType.Detach,
        };
        if (diskId is null)
        {
            disk.DiskSizeGB = change.SizeInGB;
        }
        else
        {
            disk.ManagedDisk = new VirtualMachineManagedDisk { Id = new ResourceIdentifier(diskId) };
        }

        return disk;
    }

    private static VirtualMachineDataDisk Require(VirtualMachineData data, VMChange change) =>
        data.StorageProfile.DataDisks.FirstOrDefault(disk => disk.Lun == change.Lun && (change.DiskName is null || disk.Name is null
            || disk.Name.Equals(change.DiskName, StringComparison.OrdinalIgnoreCase)))
        ?? throw Changed(data, $"'{data.Name}' does not have the data disk at LUN {change.Lun} any more that the change is for.");

    private static FabricException Changed(VirtualMachineData data, string message) => new(
        HttpStatusCode.PreconditionFailed, "PreconditionFailed", data.Name, message, "Read the instance again with Get-VMInstance, and repeat the changes.");
}
