using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using AzureVmRole.Fabric.FrontEnd;
using AzureVmRole.Fabric.Media;
using AzureVmRole.Fabric.Resources;

namespace AzureVmRole.Fabric.Disks;

internal sealed partial class DiskRequests
{
    private const long LongestAccessInSeconds = uint.MaxValue;

    /// <inheritdoc/>
    public Task<Acceptance> ActAsync(ResourceId id, string action, JsonObject body, RequestContext context, CancellationToken cancellationToken)
    {
        if (Is(action, "beginGetAccess"))
        {
            return Task.FromResult(parts.Desk.Accept(
                "beginGetAccess", id, context, acceptor => BeginAccess(acceptor, id, body), found => Granted(found ?? throw MediaRules.NotFound(id))));
        }

        return Is(action, "endGetAccess")
            ? Task.FromResult(parts.Desk.Accept(
                "endGetAccess", id, context, acceptor => EndAccess(acceptor, id), _ => new Acceptance(IsCreated: false, null, null)))
            : throw new FabricException(HttpStatusCode.NotFound, "NotFound", action, $"Resources of type {Type} have no action '{action}'.");
    }

    /// <summary>Gives the address of the blob's file away; done at once, because nothing has to be made.</summary>
    private Acceptance BeginAccess(Acceptor acceptor, ResourceId id, JsonObject body)
    {
        Resource found = RequireSettled(acceptor, id);
        string access = DocumentFields.Text(body, "access") ?? throw DocumentFields.Invalid("access", "Required parameter 'access' is missing (null).", "Give Read.");
        if (!Is(access, "Read"))
        {
            throw DocumentFields.Invalid(
                "access", $"The access '{access}' cannot be given: VHDs are written to the store of a location, not to a disk.",
                "Publish the VHD with Publish-BaseVhd, then make a disk with Import.");
        }

        long seconds = DocumentFields.Number(body, "durationInSeconds") ?? 0;
        if (seconds is < 1 or > LongestAccessInSeconds)
        {
            throw DocumentFields.Invalid("durationInSeconds", $"The duration of {seconds} seconds is not between 1 and {LongestAccessInSeconds}.");
        }

        if (DiskDocument.ManagedBy(found) is { } user && acceptor.Table.Find(user) is { } machine && !MediaRules.IsAtRest(machine))
        {
            throw MediaRules.NotAllowed(found.Id.Name, $"Disk {found.Id.Name} is attached to the running VM {user}.", "Stop the virtual machine, or copy a snapshot of the disk.");
        }

        var desired = (JsonObject)found.Desired.DeepClone();
        DocumentFields.Ensure(desired, MediaDocument.Hidden)["access"] = new JsonObject
        {
            ["level"] = "Read", ["until"] = acceptor.Now.AddSeconds(seconds).ToString("O", CultureInfo.InvariantCulture),
        };
        return Granted(acceptor.Table.Save(found with { Desired = desired }));
    }

    private static Acceptance EndAccess(Acceptor acceptor, ResourceId id)
    {
        Resource found = RequireSettled(acceptor, id);
        var desired = (JsonObject)found.Desired.DeepClone();
        if (DocumentFields.Object(desired, MediaDocument.Hidden) is { } hidden && hidden.Remove("access"))
        {
            acceptor.Table.Save(found with { Desired = desired });
        }

        return new Acceptance(IsCreated: false, null, null);
    }

    private static Resource RequireSettled(Acceptor acceptor, ResourceId id)
    {
        Resource found = acceptor.Found ?? throw MediaRules.NotFound(id);
        return found.State == ProvisioningState.Succeeded && MediaDocument.BlobOf(found) is not null ? found : throw MediaRules.Busy(found);
    }

    private Acceptance Granted(Resource found) => new(
        IsCreated: false, new JsonObject { ["accessSAS"] = parts.Media.Of(found.Location).UriOf(MediaDocument.BlobOf(found) ?? "").AbsoluteUri }, null);
}
