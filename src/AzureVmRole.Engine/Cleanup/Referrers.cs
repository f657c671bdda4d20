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
    /// <exception cref="FabricException">FabricUnreachable: the store is a local fabric's, which does not run, so nobody can tell what uses its blobs.</exception>
    public static IReadOnlyList<IReferrer> From(IBlobStore store, IReadOnlyList<string> referencePaths, IReadOnlyList<FabricConnection> fabrics)
    {
        IEnumerable<FabricConnection> asked = fabrics;
        var paths = new RealPaths();
        if (HomeOf(store, paths) is { } home && !fabrics.Any(fabric => fabric.State.HomePath is { } path && paths.OfFolder(path) == home))
        {
            asked = asked.Append(FabricConnection.OpenLocal(home, groupName: null, location: null));
        }

        return [.. From(referencePaths), .. asked.Select(static fabric => new FabricReferrer(fabric))];
    }

    // The store of a location is HOME/store/LOCATION, and a home that ever had a fabric has its database.
    private static string? HomeOf(IBlobStore store, RealPaths paths)
    {
        if (!store.Root.IsFile || Path.GetDirectoryName(paths.OfFolder(store.Root.LocalPath)) is not { } stores
            || Path.GetFileName(stores) != "store" || Path.GetDirectoryName(stores) is not { } home)
        {
            return null;
        }

        return File.Exists(Path.Combine(home, "fabric", "fabric.db")) ? home : null;
    }
}
