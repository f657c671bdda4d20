using AzureVmRole.Engine.Compute.Connecting;
using AzureVmRole.Engine.Storage;

namespace AzureVmRole.Engine.Cleanup;

/// <summary>Everybody who is asked for references.</summary>
internal static class Referrers
{
    /// <summary>The store's own metadata and the given files.</summary>
    public static IReadOnlyList<IReferrer> From(IReadOnlyList<string> referencePaths) =>
        [new StoreReferrer(), .. referencePaths.Select(static path => new ReferenceFileReferrer(path))];

    /// <summary>The same, and the resources of fabrics: of those that are given, and of the local one that the store is a location of.</summary>
    /// <exception cref="FabricException">
    /// FabricUnreachable: the store is a local fabric's, which does not run, so nobody can tell what uses its blobs. ListingIncomplete: it runs without the location of that store,
    /// and does not say where the VHDs of the location's resources are.
    /// </exception>
    public static IReadOnlyList<IReferrer> From(IBlobStore store, IReadOnlyList<string> referencePaths, IReadOnlyList<FabricConnection> fabrics)
    {
        IEnumerable<FabricConnection> asked = fabrics;
        var paths = new RealPaths();
        if (PlaceOf(store, paths) is { } place)
        {
            RequireLocation(place.Home, place.Location);
            if (!fabrics.Any(fabric => fabric.State.HomePath is { } path && paths.OfFolder(path) == place.Home))
            {
                asked = asked.Append(FabricConnection.OpenLocal(place.Home, groupName: null, location: null));
            }
        }

        return [.. From(referencePaths), .. asked.Select(static fabric => new FabricReferrer(fabric))];
    }

    private static void RequireLocation(string home, string location)
    {
        if (FabricNote.Find(home) is { } note && !note.Locations.Contains(location, StringComparer.OrdinalIgnoreCase))
        {
            throw new FabricException(
                ErrorCode.ListingIncomplete, home,
                $"The store is that of location '{location}' of the fabric of '{home}', which runs without it (it has {string.Join(", ", note.Locations)}): nobody can tell what uses the store's blobs.",
                $"Stop the fabric, and start it with all its locations: Start-LocalFabric -Location {string.Join(',', note.Locations.Append(location))}.");
        }
    }

    // A store may be a link to another volume: where it lies in the home counts as much as where it leads.
    private static (string Home, string Location)? PlaceOf(IBlobStore store, RealPaths paths)
    {
        if (!store.Root.IsFile)
        {
            return null;
        }

        string folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(store.Root.LocalPath));
        return (PlaceIn(folder) ?? PlaceIn(paths.OfFolder(folder))) is { } place ? (paths.OfFolder(place.Home), place.Location) : null;
    }

    // The store of a location is HOME/store/LOCATION, and a home that ever had a fabric has its database.
    private static (string Home, string Location)? PlaceIn(string folder) =>
        Path.GetDirectoryName(folder) is { } stores && Path.GetFileName(stores) == "store" && Path.GetDirectoryName(stores) is { } home
        && File.Exists(Path.Combine(home, "fabric", "fabric.db"))
            ? (home, Path.GetFileName(folder))
            : null;
}
