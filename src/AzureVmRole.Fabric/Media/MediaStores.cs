using System.Net;
using AzureVmRole.Engine.Storage;

namespace AzureVmRole.Fabric.Media;

/// <summary>The stores of all locations.</summary>
internal sealed class MediaStores
{
    private readonly Dictionary<string, LocationMedia> _media;

    /// <summary>Looks at stores that somebody else opened, and closes.</summary>
    /// <param name="stores">By location.</param>
    /// <param name="clock">What the footers of new disks are dated by.</param>
    public MediaStores(IReadOnlyDictionary<string, IBlobStore> stores, TimeProvider clock) => _media = stores.ToDictionary(
        pair => pair.Key, pair => new LocationMedia(pair.Key, pair.Value, clock), StringComparer.OrdinalIgnoreCase);

    /// <summary>The store of a location; null when the fabric does not have it any more.</summary>
    public LocationMedia? Find(string location) => _media.GetValueOrDefault(location);

    /// <summary>The store of a location.</summary>
    /// <exception cref="FabricException">The fabric does not have it any more.</exception>
    public LocationMedia Of(string location) => Find(location) ?? throw new FabricException(
        HttpStatusCode.Conflict, "LocationNotAvailableForResourceType", "location", $"The fabric has no location '{location}' any more.",
        "Start the fabric with this location again.");

    /// <summary>The blob that an address names: a name means the location's own store, a URI may lead to another location's.</summary>
    /// <param name="field">The field of the request, for errors.</param>
    /// <param name="address">The address.</param>
    /// <param name="location">The location of the resource.</param>
    /// <exception cref="FabricException">The address is malformed, or names nothing in a store of this fabric.</exception>
    public (LocationMedia Media, string Blob) Resolve(string field, string address, string location)
    {
        foreach (LocationMedia media in _media.Values.OrderBy(media => !media.Location.Equals(location, StringComparison.OrdinalIgnoreCase)))
        {
            if (media.TryResolve(field, address) is { } blob)
            {
                return (media, blob);
            }
        }

        throw MediaErrors.BadAddress(
            field, address, "it names nothing in the stores of this fabric", $"Publish the VHD to the store of '{location}', '{Of(location).Store.Root}', with Publish-BaseVhd.");
    }
}
