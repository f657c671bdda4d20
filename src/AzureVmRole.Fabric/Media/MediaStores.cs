namespace AzureVmRole.Fabric.Media;

/// <summary>The stores of all locations.</summary>
internal sealed class MediaStores : IAsyncDisposable
{
    private readonly Dictionary<string, LocationMedia> _media;

    private MediaStores(Dictionary<string, LocationMedia> media) => _media = media;

    /// <summary>Every location's.</summary>
    public IReadOnlyCollection<LocationMedia> All => _media.Values;

    /// <summary>Opens the store of each location, <c>store/LOCATION</c> in the home folder.</summary>
    /// <exception cref="TransferException">A folder cannot be used.</exception>
    public static MediaStores Open(FabricOptions options, TimeProvider clock) => new(options.Locations.ToDictionary(
        location => location, location => LocationMedia.Open(location, options.StorePathOf(location), clock), StringComparer.OrdinalIgnoreCase));

    /// <summary>The store of a location that the fabric has.</summary>
    public LocationMedia Of(string location) => _media[location];

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

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (LocationMedia media in _media.Values)
        {
            await media.DisposeAsync().ConfigureAwait(false);
        }
    }
}
