using System.Net;
using Azure;
using Azure.ResourceManager.Compute;
using AzureVmRole.Engine.Compute.Connecting;
using AzureVmRole.Engine.Compute.Disks;
using AzureVmRole.Engine.Compute.Http;

namespace AzureVmRole.Engine.Compute.Instances;

/// <summary>Makes the pending changes of an instance: all of them in one request.</summary>
public static class InstanceUpdate
{
    private const int MostTries = 5;

    /// <summary>
    /// Reads the instance anew, puts the pending changes on it and asks the service for the result at once, on condition that nobody has changed the instance since; else all of it
    /// is done again, as far as the changes still make sense. The local fabric registers VHDs that are to be imported with the same request; in Azure they are registered as disks
    /// first, and a registration that was made for a request that is refused is removed again.
    /// </summary>
    /// <exception cref="FabricException">RequestInvalid, ResourceInUse and so on; ResourceChanged when a LUN is not what the pending change was made for.</exception>
    public static async Task<VMInstance> RunAsync(
        FabricConnection connection, VMInstance instance, OperationOptions waiting, CancellationToken cancellationToken)
    {
        var registered = new List<VMDisk>();
        try
        {
            Dictionary<VMChange, string> ids = await DiskIdsAsync(connection, instance, registered, waiting, cancellationToken).ConfigureAwait(false);
            await SendAsync(connection, instance, ids, registered, waiting, cancellationToken).ConfigureAwait(false);
        }
        catch when (registered.Count > 0)
        {
            await UndoAsync(connection, registered, waiting).ConfigureAwait(false);
            throw;
        }

        return await VMInstances.GetAsync(connection, instance.ResourceGroupName, instance.Name, cancellationToken).ConfigureAwait(false);
    }

    private static async Task SendAsync(
        FabricConnection connection, VMInstance instance, Dictionary<VMChange, string> ids, List<VMDisk> registered, OperationOptions waiting,
        CancellationToken cancellationToken)
    {
        for (int tries = 1; ; tries++)
        {
            Response<VirtualMachineResource> answer = await VMInstances.ReadAnswerAsync(
                connection, instance.ResourceGroupName, instance.Name, cancellationToken).ConfigureAwait(false);
            VirtualMachineData data = answer.Value.Data;
            foreach (VMChange change in instance.PendingChanges)
            {
                await ChangedInstance.ApplyAsync(connection, data, change, ids.GetValueOrDefault(change)).ConfigureAwait(false);
            }

            try
            {
                await OperationWait.RunAsync(connection, "update instance", instance.Name, async token =>
                {
                    using IDisposable? condition = IfMatchPolicy.Add(answer.GetRawResponse().Headers.ETag);
                    Operation operation = await connection.Group(instance.ResourceGroupName).GetVirtualMachines()
                        .CreateOrUpdateAsync(WaitUntil.Started, instance.Name, data, token).ConfigureAwait(false);

                    // What was accepted needs its disks, whatever becomes of it.
                    registered.Clear();
                    return operation;
                }, waiting, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (FabricException refusal) when (refusal.Status == HttpStatusCode.PreconditionFailed && tries < MostTries)
            {
                waiting.Log?.WriteDecision($"Somebody else has changed '{instance.Name}' meanwhile; the changes are put on what it is now.");
            }
        }
    }

    private static async Task<Dictionary<VMChange, string>> DiskIdsAsync(
        FabricConnection connection, VMInstance instance, List<VMDisk> registered, OperationOptions waiting, CancellationToken cancellationToken)
    {
        var ids = new Dictionary<VMChange, string>(ReferenceEqualityComparer.Instance);
        foreach (VMChange change in instance.PendingChanges.Where(change => change is { Kind: VMChangeKind.AddDataDisk, SizeInGB: null }))
        {
            if (change.DiskId is { } known)
            {
                ids[change] = known;
            }
            else if (change.MediaLocation is null)
            {
                ids[change] = (await VMDisks.GetAsync(connection, instance.ResourceGroupName, change.DiskName ?? "", cancellationToken).ConfigureAwait(false)).Id;
            }
            else if (!connection.IsLocal)
            {
                VMDisk disk = await RegisterAsync(connection, instance, change, change.MediaLocation, waiting, cancellationToken).ConfigureAwait(false);
                registered.Add(disk);
                ids[change] = disk.Id;
            }
        }

        return ids;
    }

    private static Task<VMDisk> RegisterAsync(
        FabricConnection connection, VMInstance instance, VMChange change, string media, OperationOptions waiting, CancellationToken cancellationToken)
    {
        var options = new VMDiskOptions
        {
            DiskName = change.DiskName ?? "",
            MediaLocation = media,
            Label = change.DiskLabel,
            ResourceGroupName = instance.ResourceGroupName,
            Location = instance.Location,
        };
        return VMDisks.AddAsync(connection, options, waiting, cancellationToken);
    }

    private static async Task UndoAsync(FabricConnection connection, List<VMDisk> registered, OperationOptions waiting)
    {
        foreach (VMDisk disk in registered)
        {
            try
            {
                await VMDisks.RemoveAsync(
                    connection, disk.ResourceGroupName, disk.DiskName, deleteVhd: true, waiting with { NoWait = false }, CancellationToken.None).ConfigureAwait(false);
            }
            catch (FabricException failure)
            {
                waiting.Log?.WriteWarning($"The disk '{disk.DiskName}' was registered for a request that was refused, and is still there: {failure.Message}");
            }
        }
    }
}
