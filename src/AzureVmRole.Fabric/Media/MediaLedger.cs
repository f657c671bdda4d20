using System.Text.Json.Nodes;
using AzureVmRole.Fabric.Resources;
using AzureVmRole.Fabric.State;

namespace AzureVmRole.Fabric.Media;

/// <summary>
/// What a controller of disks or images reads and notes. A note changes the row as it is at that moment, and only <c>Observed</c>: what was asked for in the meantime stays.
/// </summary>
internal sealed class MediaLedger(FabricParts parts)
{
    /// <summary>A resource as it is now; null when there is none.</summary>
    public Resource? Find(ResourceId id) => parts.Database.Read(table => table.Find(id));

    /// <summary>Notes something that was done, or names of what is about to be done.</summary>
    /// <returns>The resource as it is now; null when it is gone.</returns>
    public Resource? Note(ResourceId id, Action<FabricTable, JsonObject> change) => parts.Database.Change(table =>
        table.Find(id) is { } found ? table.Save(found with { Observed = Change(table, found, change) }) : null);

    /// <summary>Notes that a generation is reached, and ends the operations that waited for it.</summary>
    public void Settle(Resource reached, Action<FabricTable, JsonObject> change) => End(reached, null, change);

    /// <summary>Notes that a generation cannot be reached, and why.</summary>
    public void Fail(Resource tried, FabricException fault, Action<FabricTable, JsonObject> change) => End(tried, fault, change);

    /// <summary>Forgets a resource with all that belongs to it, and ends its parts.Operations.</summary>
    public void Forget(Resource resource)
    {
        IReadOnlyList<string> ended = parts.Database.Change(table =>
        {
            long generation = table.Find(resource.Id)?.Generation ?? resource.Generation;
            table.ReleaseBlobs(resource.Id);
            table.Delete(resource.Id);
            return parts.Operations.End(table, resource.Id, generation);
        });
        parts.Operations.Announce(ended);
        WakeUser(resource);
    }

    private void End(Resource worked, FabricException? fault, Action<FabricTable, JsonObject> change)
    {
        IReadOnlyList<string> ended = parts.Database.Change(table =>
        {
            if (table.Find(worked.Id) is not { } found)
            {
                return [];
            }

            bool isLatest = found.Generation == worked.Generation;
            table.Save(found with
            {
                Observed = Change(table, found, change),
                ObservedGeneration = worked.Generation,
                State = isLatest ? (fault is null ? ProvisioningState.Succeeded : ProvisioningState.Failed) : found.State,
            });
            return parts.Operations.End(table, worked.Id, worked.Generation, fault);
        });
        parts.Operations.Announce(ended);
        WakeUser(Find(worked.Id) ?? worked);
    }

    /// <summary>The machine that waits for a disk looks again.</summary>
    private void WakeUser(Resource resource)
    {
        if (ResourceId.TryParse(DocumentFields.Text(resource.Desired, "properties", "managedBy"), out ResourceId? user))
        {
            parts.Queue.Add(user);
        }
    }

    private static JsonObject Change(FabricTable table, Resource found, Action<FabricTable, JsonObject> change)
    {
        var observed = (JsonObject)found.Observed.DeepClone();
        change(table, observed);
        return observed;
    }
}
