using System.Collections.Concurrent;
using System.Collections.ObjectModel;
using System.Net;
using AzureVmRole.Fabric.FrontEnd;
using AzureVmRole.Fabric.Resources;

namespace AzureVmRole.Fabric.Control;

/// <summary>
/// Deletes resource groups: asks for the deletion of everything in one as a client would, virtual machines before what they hold, and forgets the group
/// when it is empty. What cannot be deleted ends the operation; the group then is as before, without what could be.
/// </summary>
/// <param name="parts">The fabric.</param>
/// <param name="requests">What can be asked of each type; complete before the loop starts.</param>
internal sealed class GroupController(FabricParts parts, IReadOnlyDictionary<ResourceType, IResourceRequests> requests) : IResourceController
{
    /// <summary>Resources that go without anybody's notice are missed after this time.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private static readonly RequestContext NoConditions = new() { Query = ReadOnlyDictionary<string, string>.Empty };

    /// <summary>By group: the members that are going. The last of them wakes the group.</summary>
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, bool>> _going = new(StringComparer.Ordinal);

    /// <summary>By group: the members that were asked to go. One that is not going all the same is not asked again: its deletion has failed.</summary>
    private readonly ConcurrentDictionary<string, HashSet<string>> _asked = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public ResourceType Type => ResourceType.ResourceGroups;

    /// <inheritdoc/>
    public async Task<TimeSpan?> ReconcileAsync(ResourceId id, CancellationToken cancellationToken)
    {
        (ProvisioningState? state, List<(ResourceId Id, ProvisioningState State)> members) =
            parts.Database.Read(table => (table.FindState(id), table.ListGroupStates(id)));
        if (state != ProvisioningState.Deleting)
        {
            return null;
        }

        if (members.Count == 0)
        {
            Forget(id);
            return null;
        }

        var refusals = new List<FabricException>();
        bool anyMachine = members.Exists(member => member.Id.Type == ResourceType.VirtualMachines);
        HashSet<string> asked = _asked.GetOrAdd(id.Key, static _ => new HashSet<string>(StringComparer.Ordinal));
        ConcurrentDictionary<string, bool> going = Watch(id, members, anyMachine);
        foreach ((ResourceId member, ProvisioningState memberState) in members)
        {
            if (memberState == ProvisioningState.Deleting || (anyMachine && member.Type != ResourceType.VirtualMachines))
            {
                continue;
            }

            if (await AskAsync(member, asked, cancellationToken).ConfigureAwait(false) is { } refusal)
            {
                refusals.Add(refusal);
                going.TryRemove(member.Key, out _);
            }
        }

        if (refusals.Count > 0 && going.IsEmpty)
        {
            Fail(id, refusals);
            return null;
        }

        return going.IsEmpty ? TimeSpan.Zero : Patience;
    }

    /// <summary>Told of each resource that its controller has looked at: the last one that a group waits for wakes it.</summary>
    public void Notice(ResourceId id)
    {
        if (_going.IsEmpty || !_going.TryGetValue(id.Group.Key, out ConcurrentDictionary<string, bool>? going) || !going.ContainsKey(id.Key))
        {
            return;
        }

        if (parts.Database.Read(table => table.FindState(id)) is null && going.TryRemove(id.Key, out _) && going.IsEmpty)
        {
            parts.Queue.Add(id.Group);
        }
    }

    /// <summary>Says what is waited for before anything is asked for: a member can be gone before the answer to the request is there.</summary>
    private ConcurrentDictionary<string, bool> Watch(ResourceId group, List<(ResourceId Id, ProvisioningState State)> members, bool onlyMachines)
    {
        IEnumerable<string> keys = members
            .Where(member => !onlyMachines || member.Id.Type == ResourceType.VirtualMachines || member.State == ProvisioningState.Deleting)
            .Select(member => member.Id.Key);
        var going = new ConcurrentDictionary<string, bool>(keys.Select(key => KeyValuePair.Create(key, value: true)), StringComparer.Ordinal);
        _going[group.Key] = going;
        return going;
    }

    /// <summary>Asks for the deletion of a member.</summary>
    /// <returns>Why it cannot be deleted; null when it goes.</returns>
    private async Task<FabricException?> AskAsync(ResourceId member, HashSet<string> asked, CancellationToken cancellationToken)
    {
        if (!asked.Add(member.Key))
        {
            return new FabricException(HttpStatusCode.Conflict, "Conflict", member.Text, $"The deletion of '{member.Text}' failed.", "Delete it by itself, and see why.");
        }

        if (!requests.TryGetValue(member.Type, out IResourceRequests? type))
        {
            return new FabricException(HttpStatusCode.Conflict, "Conflict", member.Text, $"The fabric cannot delete resources of type '{member.Type}'.");
        }

        try
        {
            await type.DeleteAsync(member, NoConditions, cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (FabricException exception) when (exception.Status == HttpStatusCode.NotFound)
        {
            // It went while the others were asked.
            return null;
        }
        catch (FabricException exception)
        {
            // What is refused now may be possible when others are gone.
            asked.Remove(member.Key);
            return exception;
        }
    }

    private void Forget(ResourceId id)
    {
        IReadOnlyList<string>? ended = parts.Database.Change(table =>
        {
            // Nothing can have come into the group since: requests into it are refused in their own transaction.
            Resource? group = table.Find(id);
            if (group is not { State: ProvisioningState.Deleting })
            {
                return null;
            }

            table.Delete(id);
            return parts.Operations.End(table, id, group.Generation);
        });
        StopWaiting(id);
        parts.Operations.Announce(ended ?? []);
    }

    private void Fail(ResourceId id, List<FabricException> refusals)
    {
        string reasons = string.Join(" ", refusals.Take(10).Select(refusal => refusal.Message));
        var fault = new FabricException(
            HttpStatusCode.Conflict, "ResourceGroupDeletionBlocked", id.Name,
            $"Deletion of resource group '{id.Name}' failed as {refusals.Count} resources in it cannot be deleted: {reasons}",
            "Delete these resources, or what uses them, first.")
        {
            Details = refusals,
        };
        IReadOnlyList<string> ended = parts.Database.Change(table =>
        {
            if (table.Find(id) is not { State: ProvisioningState.Deleting } group)
            {
                return [];
            }

            table.Save(group with { State = ProvisioningState.Succeeded, ObservedGeneration = group.Generation });
            return parts.Operations.End(table, id, group.Generation, fault);
        });
        StopWaiting(id);
        parts.Operations.Announce(ended);
    }

    private void StopWaiting(ResourceId id)
    {
        _going.TryRemove(id.Key, out _);
        _asked.TryRemove(id.Key, out _);
    }
}
