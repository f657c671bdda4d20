using AzureVmRole.Fabric.Hosts;
using AzureVmRole.Fabric.Resources;

namespace AzureVmRole.Fabric.Placement;

/// <summary>
/// Which instance has what of which host. Kept in memory; at the start it is made again from what the instances' observed state says
/// (<see cref="LedgerReader"/>), so write the host down there before anything is done on it.
/// </summary>
internal sealed class HostLedger
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, HostEntry> _hosts;
    private readonly Dictionary<string, (string HostId, PlacementRequest Request)> _reservations = new(StringComparer.Ordinal);

    public HostLedger(IEnumerable<HostProfile> hosts) =>
        _hosts = hosts.ToDictionary(host => host.Id, host => new HostEntry(host), StringComparer.Ordinal);

    /// <summary>Finds a host for an instance and keeps room on it. An instance that has a place keeps it when what it asks for now fits there.</summary>
    /// <param name="instance">The instance's resource.</param>
    /// <param name="request">What it needs.</param>
    /// <exception cref="FabricException">AllocationFailed; a place that the instance had before it keeps.</exception>
    public HostProfile Reserve(ResourceId instance, PlacementRequest request)
    {
        lock (_lock)
        {
            bool hadPlace = _reservations.TryGetValue(instance.Key, out (string HostId, PlacementRequest Request) before);
            if (hadPlace)
            {
                Remove(instance);
                if (_hosts[before.HostId] is var host && host.Profile.Location == request.Location && host.Load(request.SpreadGroup).HasRoomFor(request))
                {
                    Add(instance, before.HostId, request);
                    return host.Profile;
                }
            }

            HostLoad[] loads = [.. _hosts.Values.Select(entry => entry.Load(request.SpreadGroup))];
            if (PlacementPlanner.Choose(loads, request) is not { } chosen)
            {
                if (hadPlace)
                {
                    Add(instance, before.HostId, before.Request);
                }

                throw PlacementPlanner.Refuse(loads, request, instance.Name);
            }

            Add(instance, chosen.Id, request);
            return chosen;
        }
    }

    /// <summary>Gives back what an instance has; nothing when it has nothing.</summary>
    public void Release(ResourceId instance)
    {
        lock (_lock)
        {
            Remove(instance);
        }
    }

    /// <summary>Notes a place that an instance has had before the fabric started, even where there is no room for it now.</summary>
    /// <returns>False when the fabric has no such host any more.</returns>
    public bool Restore(ResourceId instance, string hostId, PlacementRequest request)
    {
        lock (_lock)
        {
            if (!_hosts.ContainsKey(hostId))
            {
                return false;
            }

            Remove(instance);
            Add(instance, hostId, request);
            return true;
        }
    }

    /// <summary>The host of an instance; null when it has no place.</summary>
    public string? HostOf(ResourceId instance)
    {
        lock (_lock)
        {
            return _reservations.TryGetValue(instance.Key, out (string HostId, PlacementRequest Request) place) ? place.HostId : null;
        }
    }

    /// <summary>Every host with what is given away of it.</summary>
    public IReadOnlyList<HostLoad> Loads()
    {
        lock (_lock)
        {
            return [.. _hosts.Values.Select(entry => entry.Load(spreadGroup: null))];
        }
    }

    private void Add(ResourceId instance, string hostId, PlacementRequest request)
    {
        _reservations.Add(instance.Key, (hostId, request));
        _hosts[hostId].Add(request, sign: 1);
    }

    private void Remove(ResourceId instance)
    {
        if (_reservations.Remove(instance.Key, out (string HostId, PlacementRequest Request) place))
        {
            _hosts[place.HostId].Add(place.Request, sign: -1);
        }
    }

    private sealed class HostEntry(HostProfile profile)
    {
        private readonly Dictionary<string, int> _groups = new(StringComparer.OrdinalIgnoreCase);
        private long _cores;
        private long _memoryInMiB;
        private int _guests;

        public HostProfile Profile => profile;

        public HostLoad Load(string? spreadGroup) =>
            new(profile, _cores, _memoryInMiB, spreadGroup is null ? _guests : _groups.GetValueOrDefault(spreadGroup));

        public void Add(PlacementRequest request, int sign)
        {
            _cores += sign * request.Cores;
            _memoryInMiB += sign * request.MemoryInMiB;
            _guests += sign;
            if (request.SpreadGroup is { } group)
            {
                int members = _groups.GetValueOrDefault(group) + sign;
                _groups[group] = members;
                if (members == 0)
                {
                    _groups.Remove(group);
                }
            }
        }
    }
}
