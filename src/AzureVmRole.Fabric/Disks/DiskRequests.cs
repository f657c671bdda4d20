using System.Net;
using System.Text.Json.Nodes;
using AzureVmRole.Fabric.FrontEnd;
using AzureVmRole.Fabric.Media;
using AzureVmRole.Fabric.Resources;
using AzureVmRole.Fabric.State;

namespace AzureVmRole.Fabric.Disks;

/// <summary>What can be asked of disks, or of snapshots.</summary>
/// <param name="type">Which of the two.</param>
/// <param name="parts">The fabric.</param>
internal sealed partial class DiskRequests(ResourceType type, FabricParts parts) : IResourceRequests
{
    /// <inheritdoc/>
    public ResourceType Type => type;

    /// <inheritdoc/>
    public async Task<Acceptance> PutAsync(ResourceId id, JsonObject body, RequestContext context, CancellationToken cancellationToken)
    {
        MediaRules.CheckName(id);
        JsonObject desired = DiskDocument.Accept(body);
        Resource? before = parts.Database.Read(table => table.Find(id));
        string location = LocationRules.Require(id, body, before, parts.Options.Locations);
        ImportedVhd? import = IsMade(before) ? null : await InspectImportAsync(desired, location, cancellationToken).ConfigureAwait(false);
        _ = TagRules.Read(desired);
        return parts.Desk.Accept("Put", id, context, acceptor => Put(acceptor, id, desired, LocationRules.Require(id, body, acceptor.Found, parts.Options.Locations), import), Repeat(id));
    }

    /// <inheritdoc/>
    public Task<Acceptance> PatchAsync(ResourceId id, JsonObject body, RequestContext context, CancellationToken cancellationToken)
    {
        JsonObject patch = DiskDocument.Accept(body);
        _ = TagRules.Read(patch);
        return Task.FromResult(parts.Desk.Accept("Patch", id, context, acceptor =>
        {
            Resource found = acceptor.Found ?? throw MediaRules.NotFound(id);
            return Change(acceptor, found, Merge(found.Desired, patch));
        }, Repeat(id)));
    }

    /// <inheritdoc/>
    public Task<Acceptance> DeleteAsync(ResourceId id, RequestContext context, CancellationToken cancellationToken)
    {
        bool deletesVhd = MediaRules.DeletesVhd(context.Query);
        return Task.FromResult(parts.Desk.Accept(
            "Delete", id, context, acceptor => Delete(acceptor, deletesVhd), _ => new Acceptance(IsCreated: false, null, null)));
    }

    /// <inheritdoc/>
    public JsonObject Read(ResourceId id, RequestContext context) =>
        parts.Database.Read(table => View(table, table.Find(id) ?? throw MediaRules.NotFound(id)));

    /// <inheritdoc/>
    public JsonObject ReadPart(ResourceId id, string part, RequestContext context) => throw new FabricException(
        HttpStatusCode.NotFound, "NotFound", part, $"Resources of type {Type} have no '{part}'.");

    /// <inheritdoc/>
    public ResourcePage List(ListScope scope, string? continuation, int top, RequestContext context) => parts.Database.Read(table =>
    {
        List<Resource> found = table.List(Type, scope, continuation, top + 1);
        return new ResourcePage(
            found.Take(top).Select(disk => View(table, disk)).ToList(), found.Count > top ? found[top - 1].Id.Key : null);
    });

    /// <summary>What became of the making is there: its blob is named, or it is not to be tried again.</summary>
    private static bool IsMade(Resource? found) => found is not null && (found.State != ProvisioningState.Failed || MediaDocument.BlobOf(found) is not null);

    private JsonObject View(FabricTable table, Resource disk) =>
        DiskDocument.Write(disk, table, parts.Media.Find(disk.Location), parts.Clock.GetUtcNow());

    private Func<Resource?, Acceptance> Repeat(ResourceId id) => found => new Acceptance(
        IsCreated: false, parts.Database.Read(table => View(table, found ?? throw MediaRules.NotFound(id))), null);

    private Acceptance Put(Acceptor acceptor, ResourceId id, JsonObject desired, string location, ImportedVhd? import)
    {
        if (IsMade(acceptor.Found))
        {
            return Change(acceptor, acceptor.Found!, Replace(acceptor.Found!.Desired, desired));
        }

        var observed = new JsonObject();
        CompleteNew(acceptor.Table, id, desired, observed, location, import);
        (Resource saved, string operationId) = acceptor.Begin(acceptor.MakeNew(id, location, desired, observed));
        return new Acceptance(IsCreated: acceptor.Found is null, View(acceptor.Table, saved), operationId);
    }

    /// <summary>Changes a disk that exists. Only a new size is work for the controller.</summary>
    private Acceptance Change(Acceptor acceptor, Resource found, JsonObject desired)
    {
        if (found.State == ProvisioningState.Deleting)
        {
            throw MediaRules.Busy(found);
        }

        CheckFixed(found, desired);
        long oldSize = MediaDocument.SizeOf(found) ?? DiskDocument.WantedSize(found.Desired) ?? 0;
        long newSize = DiskSizes.ForChange(desired, oldSize);
        DiskDocument.SetSize(desired, newSize);
        bool isChanged = !JsonNode.DeepEquals(desired, found.Desired);
        if (found.State is ProvisioningState.Creating or ProvisioningState.Updating)
        {
            return !isChanged && acceptor.Table.ListRunning(found.Id) is [.., { } running]
                ? new Acceptance(IsCreated: false, View(acceptor.Table, found), running.Id)
                : throw MediaRules.Busy(found);
        }

        if (newSize == oldSize && found.State == ProvisioningState.Succeeded)
        {
            Resource kept = isChanged ? acceptor.Table.Save(found with { Desired = desired }) : found;
            return new Acceptance(IsCreated: false, View(acceptor.Table, kept), null);
        }

        CheckResize(acceptor.Table, found, newSize > oldSize);
        (Resource saved, string operationId) = acceptor.Begin(found with
        {
            Desired = desired, Generation = found.Generation + 1, State = ProvisioningState.Updating,
        });
        return new Acceptance(IsCreated: false, View(acceptor.Table, saved), operationId);
    }

    private static Acceptance Delete(Acceptor acceptor, bool deletesVhd)
    {
        if (acceptor.Found is not { } found)
        {
            return Acceptance.Nothing;
        }

        if (found.State == ProvisioningState.Deleting && acceptor.Table.ListRunning(found.Id) is [.., { } running])
        {
            return new Acceptance(IsCreated: false, null, running.Id);
        }

        if (DiskDocument.ManagedBy(found) is { } user && acceptor.Table.FindState(user) is not null)
        {
            throw MediaRules.NotAllowed(found.Id.Name, $"Disk {found.Id.Name} is attached to VM {user}.", "Detach the disk, or delete the virtual machine first.");
        }

        if (DiskDocument.AccessUntil(found, acceptor.Now) is { } until)
        {
            throw MediaRules.NotAllowed(
                found.Id.Name, $"Disk {found.Id.Name} has an active address until {until:O} and cannot be deleted.", "End it with endGetAccess first.");
        }

        (_, string operationId) = acceptor.Begin(found with
        {
            Desired = MediaRules.WithDeletion(found.Desired, deletesVhd), Generation = found.Generation + 1, State = ProvisioningState.Deleting,
        });
        return new Acceptance(IsCreated: false, null, operationId);
    }
}
