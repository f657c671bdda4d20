using System.Net;
using System.Text.Json.Nodes;
using AzureVmRole.Fabric.Resources;

namespace AzureVmRole.Fabric.VirtualMachines;

internal sealed partial class VmWork
{
    /// <summary>Notes that the generation is reached, or why it cannot be, and ends its operations.</summary>
    private void Settle(FabricException? fault)
    {
        long generation = Row.Generation;
        JsonObject? result = fault is null && _isCaptured ? VmCapture.Result(Row, Desired, Media.UriOf(Desired.Intent.CaptureBlob!)) : null;
        See(_observed with { FaultCode = fault?.AzureCode, FaultMessage = fault?.Message });
        IReadOnlyList<string> ended = parts.Database.Change(table =>
        {
            if (table.Find(id) is not { } row)
            {
                return [];
            }

            bool isLatest = row.Generation == generation && row.State != ProvisioningState.Deleting;
            table.Save(row with
            {
                Desired = WithoutCapture(row.Desired),
                Observed = _observed.ToJson(),
                ObservedGeneration = generation,
                State = !isLatest ? row.State : fault is null ? ProvisioningState.Succeeded : ProvisioningState.Failed,
            });
            return parts.Operations.End(table, id, generation, fault, result);
        });
        parts.Operations.Announce(ended);
        IsEnded = true;
    }

    /// <summary>A capture that has ended is no longer asked for: what it made is its result, and stays when the virtual machine goes.</summary>
    private static JsonObject WithoutCapture(JsonObject desired) => VmIntent.Parse(desired) is { CaptureBlob: not null } intent
        ? (intent with { CaptureBlob = null, CaptureDisk = null }).In(desired)
        : desired;

    /// <summary>Removes the resource. Its disks belong to nobody then, and those that were to go with it go.</summary>
    private void Forget()
    {
        var preempted = new FabricException(
            HttpStatusCode.Conflict, "OperationPreempted", id.Name, $"The operation on '{id.Name}' was preempted by its deletion.", "Make the virtual machine again.");
        var touched = new List<ResourceId>();
        IReadOnlyList<string> ended = parts.Database.Change<IReadOnlyList<string>>(table =>
        {
            foreach (Resource disk in _disks.Values)
            {
                bool isDeleted = Desired.AllDisks.Any(wanted => wanted.Key == disk.Id.Key && wanted.IsDeletedWithVm);
                if (VmDiskRows.Free(table, disk.Id.Text, id, isDeleted) is { } deleted)
                {
                    touched.Add(deleted);
                }
            }

            table.Delete(id);
            return [.. parts.Operations.End(table, id, Row.Generation - 1, preempted), .. parts.Operations.End(table, id, Row.Generation)];
        });
        instances.TryRemove(Desired.Intent.VmId, out _);
        parts.Secrets.Remove(Desired.Intent.VmId);
        parts.Operations.Announce(ended);
        touched.ForEach(parts.Queue.Add);
        IsEnded = true;
    }
}
