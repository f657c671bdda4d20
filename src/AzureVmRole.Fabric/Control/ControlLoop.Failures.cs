using System.Net;
using AzureVmRole.Disks.Files;
using AzureVmRole.Fabric.Resources;

namespace AzureVmRole.Fabric.Control;

internal sealed partial class ControlLoop
{
    private void NoteFailure(ResourceId id, Exception exception)
    {
        (int failures, TimeSpan delay) = _backOff.Fail(id);
        _reminders.Set(id, delay);
        _log.WriteFailure(id, failures, delay, exception);
        if (failures < MostFailures)
        {
            return;
        }

        try
        {
            GiveUp(id, FaultOf(id, failures, exception));
        }
        catch (FabricException fault)
        {
            _log.WriteWarning($"The failure of {id} could not be noted; its operations go on.", fault);
        }
    }

    private static FabricException FaultOf(ResourceId id, int failures, Exception exception)
    {
        string message = $"The work on the {id.Type.Name} '{id.Name}' failed {failures} times: {exception.Message}";
        return exception switch
        {
            FabricException fault => fault,
            IOException full when FileFault.IsVolumeFull(full) => new FabricException(
                HttpStatusCode.InsufficientStorage, "InsufficientStorage", id.Name, message, "Free space on the volume, and repeat the request.", exception),
            _ => new FabricException(
                HttpStatusCode.InternalServerError, "InternalExecutionError", id.Name, message, "See the fabric's log, then repeat the request.", exception),
        };
    }

    /// <summary>
    /// Ends the operations on a resource, so that nobody waits for ever. What was being made or changed has failed until the next request, which
    /// gets as many tries as this one; a deletion goes on in the background, because nobody can use what is half deleted.
    /// </summary>
    private void GiveUp(ResourceId id, FabricException fault)
    {
        bool hasFailed = false;
        IReadOnlyList<string> ended = _database.Change(table =>
        {
            if (table.Find(id) is not { } resource)
            {
                return [];
            }

            if (resource.State is ProvisioningState.Creating or ProvisioningState.Updating)
            {
                hasFailed = true;
                table.Save(resource with { State = ProvisioningState.Failed, ObservedGeneration = resource.Generation });
            }

            return _operations.End(table, id, resource.Generation, fault);
        });
        if (hasFailed)
        {
            _backOff.Succeed(id);
            _reminders.Clear(id);
        }

        _operations.Announce(ended);
    }
}
