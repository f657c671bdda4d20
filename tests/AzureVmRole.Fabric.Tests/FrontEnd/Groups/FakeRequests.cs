using System.Net;
using System.Text.Json.Nodes;
using AzureVmRole.Fabric.Control;
using AzureVmRole.Fabric.FrontEnd;
using AzureVmRole.Fabric.Resources;
using AzureVmRole.Fabric.Tests.Control;

namespace AzureVmRole.Fabric.Tests.FrontEnd.Groups;

/// <summary>Members of groups that can be deleted only; one that is named <c>held</c> not even that.</summary>
internal sealed class FakeRequests(FabricParts parts, List<string> order) : IResourceRequests
{
    public ResourceType Type => ResourceType.Disks;

    /// <summary>Deletes what is Deleting.</summary>
    public IResourceController Controller(ResourceType type) => new FakeController((id, _) =>
    {
        parts.Operations.Announce(parts.Database.Change(table =>
        {
            if (table.Find(id) is not { State: ProvisioningState.Deleting } found)
            {
                return [];
            }

            table.Delete(id);
            return parts.Operations.End(table, id, found.Generation);
        }));
        return Task.FromResult<TimeSpan?>(null);
    })
    {
        Type = type,
    };

    public Task<Acceptance> DeleteAsync(ResourceId id, RequestContext context, CancellationToken cancellationToken) => Task.FromResult(parts.Desk.Accept(
        "Delete", id, context,
        acceptor =>
        {
            if (id.Name == "held")
            {
                throw new FabricException(HttpStatusCode.Conflict, "OperationNotAllowed", id.Name, $"The disk '{id.Name}' is in use.");
            }

            order.Add(id.Name);
            Resource going = acceptor.Found! with { State = ProvisioningState.Deleting, Generation = acceptor.Found!.Generation + 1 };
            return new Acceptance(IsCreated: false, null, acceptor.Begin(going).OperationId);
        },
        _ => Acceptance.Nothing));

    public Task<Acceptance> PutAsync(ResourceId id, JsonObject body, RequestContext context, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<Acceptance> PatchAsync(ResourceId id, JsonObject body, RequestContext context, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<Acceptance> ActAsync(ResourceId id, string action, JsonObject body, RequestContext context, CancellationToken cancellationToken) => throw new NotSupportedException();

    public JsonObject Read(ResourceId id, RequestContext context) => throw new NotSupportedException();

    public JsonObject ReadPart(ResourceId id, string part, RequestContext context) => throw new NotSupportedException();

    public ResourcePage List(ListScope scope, string? continuation, int top, RequestContext context) => throw new NotSupportedException();
}
