using System.Net;
using System.Text.Json.Nodes;
using AzureVmRole.Fabric.Resources;

namespace AzureVmRole.Fabric.FrontEnd.Groups;

/// <summary>What can be asked of resource groups. All but a deletion is done at once.</summary>
internal sealed class GroupRequests(FabricParts parts) : IResourceRequests
{
    /// <inheritdoc/>
    public ResourceType Type => ResourceType.ResourceGroups;

    /// <inheritdoc/>
    public Task<Acceptance> PutAsync(ResourceId id, JsonObject body, RequestContext context, CancellationToken cancellationToken) =>
        Task.FromResult(parts.Desk.Accept("Put", id, context, acceptor => Put(acceptor, id, body), found => Repeat(id, found)));

    /// <inheritdoc/>
    public Task<Acceptance> PatchAsync(ResourceId id, JsonObject body, RequestContext context, CancellationToken cancellationToken) =>
        Task.FromResult(parts.Desk.Accept("Patch", id, context, acceptor => Patch(acceptor, id, body), found => Repeat(id, found)));

    /// <inheritdoc/>
    public Task<Acceptance> DeleteAsync(ResourceId id, RequestContext context, CancellationToken cancellationToken) =>
        Task.FromResult(parts.Desk.Accept("Delete", id, context, acceptor => Delete(acceptor, id), _ => new Acceptance(IsCreated: false, null, null)));

    /// <inheritdoc/>
    public Task<Acceptance> ActAsync(ResourceId id, string action, JsonObject body, RequestContext context, CancellationToken cancellationToken) =>
        throw new FabricException(
            HttpStatusCode.NotFound, "NotFound", action, $"Resource groups have no action '{action}'.", "Correct the action, or do it on each resource.");

    /// <inheritdoc/>
    public JsonObject Read(ResourceId id, RequestContext context) =>
        GroupDocument.Write(parts.Database.Read(table => table.Find(id)) ?? throw GroupRules.NotFound(id.Name));

    /// <inheritdoc/>
    public JsonObject ReadPart(ResourceId id, string part, RequestContext context)
    {
        if (!part.Equals("resources", StringComparison.OrdinalIgnoreCase))
        {
            throw new FabricException(HttpStatusCode.NotFound, "NotFound", part, $"Resource groups have no '{part}'.", "Read resources.");
        }

        List<Resource> found = parts.Database.Read(table => table.FindState(id) is null ? throw GroupRules.NotFound(id.Name) : table.ListGroup(id));
        return new JsonObject { ["value"] = new JsonArray([.. found.Select(GroupDocument.WriteMember)]) };
    }

    /// <inheritdoc/>
    public ResourcePage List(ListScope scope, string? continuation, int top, RequestContext context)
    {
        var filter = TagFilter.Parse(context.Query.GetValueOrDefault("$filter"));
        var items = new List<JsonObject>();
        string? place = continuation;
        while (true)
        {
            List<Resource> page = parts.Database.Read(table => table.List(Type, scope, place, top));
            foreach (Resource group in page)
            {
                if (items.Count == top)
                {
                    return new ResourcePage(items, place);
                }

                if (filter.Matches(group))
                {
                    items.Add(GroupDocument.Write(group));
                }

                place = group.Id.Key;
            }

            if (page.Count < top)
            {
                return new ResourcePage(items, null);
            }
        }
    }

    private static Acceptance Repeat(ResourceId id, Resource? found) =>
        new(IsCreated: false, GroupDocument.Write(found ?? throw GroupRules.NotFound(id.Name)), null);

    private static Acceptance Patch(Acceptor acceptor, ResourceId id, JsonObject body)
    {
        Resource found = acceptor.Found ?? throw GroupRules.NotFound(id.Name);
        RequireNotDeleting(found);
        JsonObject desired = GroupDocument.Merge((JsonObject)found.Desired.DeepClone(), body, TagRules.Read(body));
        Resource saved = acceptor.Table.Save(found with { Desired = desired });
        return new Acceptance(IsCreated: false, GroupDocument.Write(saved), null);
    }

    private static Acceptance Delete(Acceptor acceptor, ResourceId id)
    {
        Resource found = acceptor.Found ?? throw GroupRules.NotFound(id.Name);
        if (found.State == ProvisioningState.Deleting && acceptor.Table.ListRunning(id) is [.., { } running])
        {
            return new Acceptance(IsCreated: false, null, running.Id);
        }

        (_, string operationId) = acceptor.Begin(found with { State = ProvisioningState.Deleting, Generation = found.Generation + 1 });
        return new Acceptance(IsCreated: false, null, operationId);
    }

    private static void RequireNotDeleting(Resource? found)
    {
        if (found is { State: ProvisioningState.Deleting })
        {
            throw GroupRules.BeingDeleted(found.Id.Name);
        }
    }

    private Acceptance Put(Acceptor acceptor, ResourceId id, JsonObject body)
    {
        Resource? found = acceptor.Found;
        RequireNotDeleting(found);
        GroupRules.CheckName(id.Name);
        string location = LocationRules.Require(id, body, found, parts.Options.Locations);
        JsonObject desired = GroupDocument.Merge([], body, TagRules.Read(body));
        Resource saved = acceptor.Table.Save(found is null
            ? new Resource
            {
                Id = id,
                Location = location,
                Desired = desired,
                Observed = [],
                Generation = 1,
                ObservedGeneration = 1,
                State = ProvisioningState.Succeeded,
                Created = acceptor.Now,
            }
            : found with { Desired = desired });
        return new Acceptance(IsCreated: found is null, GroupDocument.Write(saved), null);
    }
}
