using System.Net;
using System.Text.Json.Nodes;
using AzureVmRole.Fabric.FrontEnd;
using AzureVmRole.Fabric.Placement;
using AzureVmRole.Fabric.Resources;

namespace AzureVmRole.Fabric.VirtualMachines;

/// <summary>What can be asked of virtual machines.</summary>
internal sealed partial class VmRequests(FabricParts parts) : IResourceRequests
{
    /// <inheritdoc/>
    public ResourceType Type => ResourceType.VirtualMachines;

    /// <inheritdoc/>
    public async Task<Acceptance> PutAsync(ResourceId id, JsonObject body, RequestContext context, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, VmVhd> vhds = await InspectVhdsAsync(id, body, cancellationToken).ConfigureAwait(false);
        return parts.Desk.Accept("Put", id, context, acceptor => Write(acceptor, id, (JsonObject)body.DeepClone(), vhds), found => Repeat(id, found));
    }

    /// <inheritdoc/>
    public async Task<Acceptance> PatchAsync(ResourceId id, JsonObject body, RequestContext context, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, VmVhd> vhds = await InspectVhdsAsync(id, body, cancellationToken).ConfigureAwait(false);
        return parts.Desk.Accept(
            "Patch", id, context,
            acceptor => Write(acceptor, id, VmPatch.Merge((acceptor.Found ?? throw NotFound(id)).Desired, body), vhds),
            found => Repeat(id, found));
    }

    /// <inheritdoc/>
    public Task<Acceptance> DeleteAsync(ResourceId id, RequestContext context, CancellationToken cancellationToken) =>
        Task.FromResult(parts.Desk.Accept("Delete", id, context, Delete, _ => new Acceptance(IsCreated: false, null, null)));

    /// <inheritdoc/>
    public JsonObject Read(ResourceId id, RequestContext context) => VmView.Write(Find(id), HasInstanceView(context));

    /// <inheritdoc/>
    public JsonObject ReadPart(ResourceId id, string part, RequestContext context)
    {
        Resource found = Find(id);
        return part.ToLowerInvariant() switch
        {
            "instanceview" => VmInstanceView.Write(found),
            "vmsizes" => VmView.WriteSizes(VmSizes.All.Where(size =>
                size.MaxDataDiskCount >= VmDocument.Parse(found.Desired).DataDisks.Count && (VmObserved.Parse(found.Observed).Host is null || HasRoom(found, size.Name)))),
            _ => throw new FabricException(
                HttpStatusCode.NotFound, "NotFound", part, $"Virtual machines have no '{part}'.", "Read instanceView or vmSizes."),
        };
    }

    /// <inheritdoc/>
    public ResourcePage List(ListScope scope, string? continuation, int top, RequestContext context)
    {
        bool isStatusOnly = context.Query.GetValueOrDefault("statusOnly")?.Equals("true", StringComparison.OrdinalIgnoreCase) == true;
        bool hasInstanceView = HasInstanceView(context);
        List<Resource> found = parts.Database.Read(table => table.List(Type, scope, continuation, top + 1));
        return new ResourcePage(
            [.. found.Take(top).Select(machine => isStatusOnly ? VmView.WriteStatus(machine) : VmView.Write(machine, hasInstanceView))],
            found.Count > top ? found[top - 1].Id.Key : null);
    }

    private static bool HasInstanceView(RequestContext context) =>
        context.Query.GetValueOrDefault("$expand")?.Contains("instanceView", StringComparison.OrdinalIgnoreCase) == true;

    private static FabricException NotFound(ResourceId id) => new(
        HttpStatusCode.NotFound, "ResourceNotFound", id.Name,
        $"The Resource '{id.Type}/{id.Name}' under resource group '{id.GroupName}' was not found.", "Make it first, or correct the name.");

    private static Acceptance Repeat(ResourceId id, Resource? found) =>
        new(IsCreated: false, VmView.Write(found ?? throw NotFound(id), withInstanceView: false), null);

    private static void RequireOpen(Resource? found, string operation)
    {
        if (found is { State: ProvisioningState.Deleting })
        {
            throw new FabricException(
                HttpStatusCode.Conflict, "OperationNotAllowed", found.Id.Name,
                $"Operation '{operation}' is not allowed on VM '{found.Id.Name}' since the VM is marked for deletion. You can only retry the Delete operation (or wait for an ongoing one to complete).",
                "Wait until it is gone.");
        }

        if (found is not null && found.ObservedGeneration < found.Generation && VmIntent.Parse(found.Desired).CaptureBlob is not null)
        {
            throw new FabricException(
                HttpStatusCode.Conflict, "Conflict", found.Id.Name, $"Operation '{operation}' is not allowed on VM '{found.Id.Name}' while it is captured.", "Wait until the capture has ended.");
        }
    }

    private Resource Find(ResourceId id) => parts.Database.Read(table => table.Find(id)) ?? throw NotFound(id);

    private Acceptance Write(Acceptor acceptor, ResourceId id, JsonObject body, IReadOnlyDictionary<string, VmVhd> vhds)
    {
        Resource? found = acceptor.Found;
        RequireOpen(found, "Create or Update VM");
        var draft = VmDraft.Read(
            new VmDraftContext
            {
                Id = found?.Id ?? id,
                Found = found,
                Table = acceptor.Table,
                Locations = parts.Options.Locations,
                HasRoom = HasRoom,
                Vhds = vhds,
                Now = acceptor.Now,
            },
            body);
        Resource machine = found is null
            ? acceptor.MakeNew(id, draft.Location, draft.Intent.In(draft.Document), [])
            : found with
            {
                Desired = draft.Intent.In(draft.Document),
                Generation = found.Generation + 1,
                State = found.State == ProvisioningState.Creating ? ProvisioningState.Creating : ProvisioningState.Updating,
            };
        foreach (VmDiskClaim claim in draft.Claims)
        {
            VmDiskRows.Claim(acceptor, claim, machine);
        }

        VmDiskRows.TryAgain(acceptor, machine);
        if (found is null && draft.Intent.IsProvisioned)
        {
            // Before the transaction ends: the controller may start the guest at once.
            parts.Secrets.Save(draft.Intent.VmId, draft.Secrets);
        }

        (Resource saved, string operationId) = acceptor.Begin(machine);
        return new Acceptance(found is null, VmView.Write(saved, withInstanceView: false), operationId);
    }

    private Acceptance Delete(Acceptor acceptor)
    {
        if (acceptor.Found is not { } found)
        {
            return Acceptance.Nothing;
        }

        if (found.State == ProvisioningState.Deleting && acceptor.Table.ListRunning(found.Id) is [.., { } running])
        {
            return new Acceptance(IsCreated: false, null, running.Id);
        }

        (_, string operationId) = acceptor.Begin(found with { State = ProvisioningState.Deleting, Generation = found.Generation + 1 });
        return new Acceptance(IsCreated: false, null, operationId);
    }

    private bool HasRoom(Resource machine, string sizeName)
    {
        var observed = VmObserved.Parse(machine.Observed);
        VmSize? now = VmSizes.Find(observed.Size);
        return observed.Host is { } host && VmSizes.Find(sizeName) is { } next
            && parts.Ledger.Loads().FirstOrDefault(load => load.Profile.Id == host) is { } found
            && found.CoresFree + (now?.Cores ?? 0) >= next.Cores && found.MemoryFreeInMiB + (now?.MemoryInMB ?? 0) >= next.MemoryInMB;
    }
}
