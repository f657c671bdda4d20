using System.Net;
using System.Text.Json.Nodes;
using AzureVmRole.Fabric.FrontEnd;
using AzureVmRole.Fabric.Media;
using AzureVmRole.Fabric.Resources;

namespace AzureVmRole.Fabric.Images;

/// <summary>What can be asked of images.</summary>
internal sealed partial class ImageRequests(FabricParts parts) : IResourceRequests
{
    /// <inheritdoc/>
    public ResourceType Type => ResourceType.Images;

    /// <inheritdoc/>
    public async Task<Acceptance> PutAsync(ResourceId id, JsonObject body, RequestContext context, CancellationToken cancellationToken)
    {
        MediaRules.CheckName(id);
        JsonObject desired = ImageDocument.Accept(body);
        _ = TagRules.Read(desired);
        Resource? before = parts.Database.Read(table => table.Find(id));
        string location = LocationRules.Require(id, body, before, parts.Options.Locations);
        VhdInspection? vhd = IsMade(before) || !ImageDocument.IsRegistered(desired)
            ? null
            : await InspectAsync(desired, location, cancellationToken).ConfigureAwait(false);
        return parts.Desk.Accept("Put", id, context, acceptor => Put(acceptor, id, desired, LocationRules.Require(id, body, acceptor.Found, parts.Options.Locations), vhd), Repeat(id));
    }

    /// <inheritdoc/>
    public Task<Acceptance> PatchAsync(ResourceId id, JsonObject body, RequestContext context, CancellationToken cancellationToken)
    {
        JsonObject patch = ImageDocument.Accept(body);
        JsonObject? tags = TagRules.Read(patch);
        return Task.FromResult(parts.Desk.Accept("Patch", id, context, acceptor =>
        {
            Resource found = acceptor.Found ?? throw MediaRules.NotFound(id);
            CheckFixed(found, patch);
            var desired = (JsonObject)found.Desired.DeepClone();
            if (tags is not null)
            {
                desired["tags"] = tags;
            }

            return Keep(acceptor, found, desired);
        }, Repeat(id)));
    }

    /// <inheritdoc/>
    public Task<Acceptance> DeleteAsync(ResourceId id, RequestContext context, CancellationToken cancellationToken)
    {
        bool deletesVhd = MediaRules.DeletesVhd(context.Query);
        return Task.FromResult(parts.Desk.Accept("Delete", id, context, acceptor =>
        {
            if (acceptor.Found is not { } found)
            {
                return Acceptance.Nothing;
            }

            if (found.State == ProvisioningState.Deleting && acceptor.Table.ListRunning(id) is [.., { } running])
            {
                return new Acceptance(IsCreated: false, null, running.Id);
            }

            (_, string operationId) = acceptor.Begin(found with
            {
                Desired = MediaRules.WithDeletion(found.Desired, deletesVhd), Generation = found.Generation + 1, State = ProvisioningState.Deleting,
            });
            return new Acceptance(IsCreated: false, null, operationId);
        }, _ => new Acceptance(IsCreated: false, null, null)));
    }

    /// <inheritdoc/>
    public Task<Acceptance> ActAsync(ResourceId id, string action, JsonObject body, RequestContext context, CancellationToken cancellationToken) =>
        throw new FabricException(HttpStatusCode.NotFound, "NotFound", action, $"Resources of type {Type} have no action '{action}'.");

    /// <inheritdoc/>
    public JsonObject Read(ResourceId id, RequestContext context) =>
        View(parts.Database.Read(table => table.Find(id)) ?? throw MediaRules.NotFound(id));

    /// <inheritdoc/>
    public JsonObject ReadPart(ResourceId id, string part, RequestContext context) => throw new FabricException(
        HttpStatusCode.NotFound, "NotFound", part, $"Resources of type {Type} have no '{part}'.");

    /// <inheritdoc/>
    public ResourcePage List(ListScope scope, string? continuation, int top, RequestContext context)
    {
        List<Resource> found = parts.Database.Read(table => table.List(Type, scope, continuation, top + 1));
        return new ResourcePage(found.Take(top).Select(View).ToList(), found.Count > top ? found[top - 1].Id.Key : null);
    }

    private static bool IsMade(Resource? found) => found is not null && (found.State != ProvisioningState.Failed || MediaDocument.BlobOf(found) is not null);

    private JsonObject View(Resource image) => ImageDocument.Write(image, parts.Media.Find(image.Location));

    private Func<Resource?, Acceptance> Repeat(ResourceId id) =>
        found => new Acceptance(IsCreated: false, View(found ?? throw MediaRules.NotFound(id)), null);

    private Acceptance Put(Acceptor acceptor, ResourceId id, JsonObject desired, string location, VhdInspection? vhd)
    {
        if (IsMade(acceptor.Found))
        {
            CheckFixed(acceptor.Found!, desired);
            var kept = (JsonObject)acceptor.Found!.Desired.DeepClone();
            kept.Remove("tags");
            if (desired["tags"] is { } tags)
            {
                kept["tags"] = tags.DeepClone();
            }

            return Keep(acceptor, acceptor.Found, kept);
        }

        var observed = new JsonObject();
        CompleteNew(acceptor.Table, id, desired, observed, location, vhd);
        (Resource saved, string operationId) = acceptor.Begin(acceptor.MakeNew(id, location, desired, observed));
        return new Acceptance(IsCreated: acceptor.Found is null, View(saved), operationId);
    }

    /// <summary>An image that exists changes in nothing but its tags; one that failed is tried again.</summary>
    private Acceptance Keep(Acceptor acceptor, Resource found, JsonObject desired)
    {
        if (found.State == ProvisioningState.Deleting)
        {
            throw MediaRules.Busy(found);
        }

        if (found.State == ProvisioningState.Failed)
        {
            (Resource again, string operationId) = acceptor.Begin(found with
            {
                Desired = desired, Generation = found.Generation + 1, State = ProvisioningState.Updating,
            });
            return new Acceptance(IsCreated: false, View(again), operationId);
        }

        string? running = acceptor.Table.ListRunning(found.Id) is [.., { } last] ? last.Id : null;
        Resource saved = JsonNode.DeepEquals(desired, found.Desired) ? found : acceptor.Table.Save(found with { Desired = desired });
        return new Acceptance(IsCreated: false, View(saved), running);
    }

    /// <summary>Refuses changes of what an image was made from; what its answers show beside that is taken back unread.</summary>
    private void CheckFixed(Resource found, JsonObject desired)
    {
        if (DocumentFields.Object(desired, "properties") is not { } properties)
        {
            return;
        }

        // The VHD is shown by its URI, and may be named by container and name.
        if (DocumentFields.Object(properties, "storageProfile", "osDisk") is { } disk && DocumentFields.Text(disk, "blobUri") is { } address)
        {
            (LocationMedia media, string blob) = parts.Media.Resolve(BlobField, address, found.Location);
            disk["blobUri"] = media.UriOf(blob).AbsoluteUri;
        }

        JsonObject shown = DocumentFields.Object(View(found), "properties") ?? [];
        if (FindChange(shown, properties, "") is { } changed)
        {
            throw MediaRules.NotChangeable(changed);
        }
    }

    private static string? FindChange(JsonObject shown, JsonObject wanted, string path)
    {
        foreach ((string key, JsonNode? value) in wanted)
        {
            string field = path.Length == 0 ? key : $"{path}.{key}";
            JsonNode? now = shown[key];
            string? changed = (value, now) switch
            {
                (null, _) => null,
                (JsonObject part, JsonObject before) => FindChange(before, part, field),
                (JsonArray { Count: 0 }, null) => null,
                _ when value is JsonValue && now is JsonValue && value.ToString().Equals(now.ToString(), StringComparison.OrdinalIgnoreCase) => null,
                _ => JsonNode.DeepEquals(value, now) ? null : field,
            };
            if (changed is not null)
            {
                return changed;
            }
        }

        return null;
    }
}
