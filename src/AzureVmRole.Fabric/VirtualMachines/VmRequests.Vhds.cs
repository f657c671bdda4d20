using System.Net;
using System.Text.Json.Nodes;
using AzureVmRole.Fabric.FrontEnd;
using AzureVmRole.Fabric.Media;
using AzureVmRole.Fabric.Resources;

namespace AzureVmRole.Fabric.VirtualMachines;

internal sealed partial class VmRequests
{
    /// <summary>Looks at the VHDs in storage that a body names; the transaction must not wait for a store.</summary>
    private async Task<IReadOnlyDictionary<string, VmVhd>> InspectVhdsAsync(ResourceId id, JsonObject body, CancellationToken cancellationToken)
    {
        JsonNode? storage = body["properties"].At("storageProfile");
        var found = new Dictionary<string, VmVhd>(StringComparer.Ordinal);
        foreach (JsonNode? disk in storage.Objects("dataDisks").Append(storage.At("osDisk") as JsonObject))
        {
            if (disk.Text("vhd", "uri") is { Length: > 0 } uri && disk.Text("managedDisk", "id") is null && !found.ContainsKey(uri))
            {
                string? location = body.Text("location") is { } text ? LocationRules.Normalize(text) : parts.Database.Read(table => table.Find(id))?.Location;
                if (location is not null && parts.Options.Locations.Contains(location, StringComparer.Ordinal))
                {
                    found.Add(uri, await InspectAsync(uri, location, cancellationToken).ConfigureAwait(false));
                }
            }
        }

        return found;
    }

    private async Task<VmVhd> InspectAsync(string uri, string location, CancellationToken cancellationToken)
    {
        const string Field = "vhd.uri";
        try
        {
            (LocationMedia place, string blob) = parts.Media.Resolve(Field, uri, location);
            if (place.Location != location)
            {
                return new VmVhd(uri, MediaErrors.BadAddress(
                    Field, uri, $"it is in the store of '{place.Location}', and the virtual machine in '{location}'", "Copy the VHD there with Copy-BaseVhd."));
            }

            VhdInspection? inspection = await place.InspectAsync(blob, cancellationToken).ConfigureAwait(false);
            FabricException? refusal = inspection switch
            {
                null => MediaErrors.NoBlob(Field, blob, location),
                { IsFit: false } => MediaErrors.Unfit(Field, inspection),
                { IsLeased: true } => new FabricException(
                    HttpStatusCode.Conflict, "DiskInUse", Field, $"The VHD '{blob}' is in use: {inspection.Holder ?? "somebody"} has a lease on it.", "Detach it there first."),
                _ => null,
            };
            return new VmVhd(place.UriOf(blob).AbsoluteUri, refusal);
        }
        catch (FabricException refusal)
        {
            return new VmVhd(uri, refusal);
        }
    }
}
