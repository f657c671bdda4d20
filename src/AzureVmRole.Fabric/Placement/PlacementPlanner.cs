using System.Net;
using AzureVmRole.Fabric.Hosts;

namespace AzureVmRole.Fabric.Placement;

/// <summary>
/// Chooses a host: one with room, in the fault domain with the fewest instances, then in the update domain with the fewest, then with the fewest
/// itself, then the first by id. Pure: the same loads give the same host.
/// </summary>
internal static class PlacementPlanner
{
    /// <summary>The host for an instance; null when none of the location has room.</summary>
    public static HostProfile? Choose(IEnumerable<HostLoad> hosts, PlacementRequest request)
    {
        HostLoad[] all = [.. hosts.Where(host => IsMeant(host.Profile, request))];
        Dictionary<int, int> faultDomains = Count(all, profile => profile.FaultDomain);
        Dictionary<int, int> updateDomains = Count(all, profile => profile.UpdateDomain);
        return all
            .Where(host => host.HasRoomFor(request))
            .OrderBy(host => host.Profile.Id == request.AvoidHost)
            .ThenBy(host => faultDomains[host.Profile.FaultDomain])
            .ThenBy(host => updateDomains[host.Profile.UpdateDomain])
            .ThenBy(host => host.Guests)
            .ThenBy(host => host.Profile.Id, StringComparer.Ordinal)
            .FirstOrDefault()?.Profile;
    }

    /// <summary>Says why no host was found.</summary>
    public static FabricException Refuse(IEnumerable<HostLoad> hosts, PlacementRequest request, string name)
    {
        HostLoad[] all = [.. hosts.Where(host => IsMeant(host.Profile, request))];
        string most = all.Length == 0
            ? "it has no host"
            : $"of its {all.Length} hosts one has up to {all.Max(host => host.CoresFree)} cores free, and one up to {all.Max(host => host.MemoryFreeInMiB)} MiB";
        return new FabricException(
            HttpStatusCode.Conflict, "AllocationFailed", name,
            $"No host of '{request.Location}' has {request.Cores} cores and {request.MemoryInMiB} MiB of memory free for '{name}': {most}.",
            "Deallocate or delete other instances, choose a smaller size or another location, or give the fabric more or larger hosts.");
    }

    private static bool IsMeant(HostProfile host, PlacementRequest request) =>
        host.Location == request.Location && (request.HostKind is null || host.Kind == request.HostKind);

    private static Dictionary<int, int> Count(HostLoad[] hosts, Func<HostProfile, int> domain) =>
        hosts.GroupBy(host => domain(host.Profile)).ToDictionary(group => group.Key, group => group.Sum(host => host.Guests));
}
