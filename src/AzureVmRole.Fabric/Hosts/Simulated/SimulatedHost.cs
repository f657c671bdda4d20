using System.Net;

namespace AzureVmRole.Fabric.Hosts.Simulated;

/// <summary>
/// A host whose guests exist in the control plane only: nothing runs, and every report says so. They take the time that the fabric's options or
/// their tags give (<see cref="SimulatedBehavior"/>), and fail as their tags tell.
/// </summary>
internal sealed class SimulatedHost : IHostAgent
{
    /// <summary>The kind, as profiles and views show it.</summary>
    public const string Kind = "Simulated";

    private const int FaultDomains = 3;
    private const int UpdateDomains = 5;

    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, SimulatedGuest> _guests = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, ITimer> _timers = new(StringComparer.OrdinalIgnoreCase);
    private readonly SimulatedGuestFile _file;
    private readonly TimeSpan _latency;
    private readonly TimeProvider _clock;
    private bool _isClosed;

    public SimulatedHost(HostProfile profile, FabricHome home, TimeSpan latency, TimeProvider clock)
    {
        Profile = profile;
        _file = new SimulatedGuestFile(home.InstancesPath, profile.Id);
        _latency = latency;
        _clock = clock;
    }

    /// <inheritdoc/>
    public HostProfile Profile { get; }

    /// <inheritdoc/>
    public bool KeepsGuests => true;

    /// <inheritdoc/>
    public Action<string>? ReportChanged { get; set; }

    /// <summary>The hosts of every location, as the options say.</summary>
    public static IReadOnlyList<SimulatedHost> MakeAll(FabricOptions options, FabricHome home, TimeProvider clock) =>
    [
        .. from location in options.Locations
           from index in Enumerable.Range(0, options.HostsPerLocation)
           select new SimulatedHost(
               new HostProfile(
                   $"{location}-host{index}", Kind, location, options.CoresPerHost, options.MemoryPerHostInMiB, index % FaultDomains, index % UpdateDomains),
               home, options.SimulatedLatency, clock),
    ];

    /// <inheritdoc/>
    public Task StartAsync(GuestOrder order, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            if (Find(order.InstanceId) is { } before && before.Boot >= order.Boot)
            {
                return Task.CompletedTask;
            }

            var behavior = SimulatedBehavior.Parse(order.Tags);
            if (behavior.StartFailure is { } failure)
            {
                throw new FabricException(
                    HttpStatusCode.InternalServerError, "InternalExecutionError", order.Name, $"The simulated guest of '{order.Name}' does not start: {failure}.",
                    $"Change the tag {SimulatedBehavior.TagName}, then start it again.");
            }

            Keep(order.InstanceId, Boot(order, behavior));
        }

        ReportChanged?.Invoke(order.InstanceId);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(string instanceId, bool isForced, CancellationToken cancellationToken) =>
        ChangeAsync(instanceId, (guest, now) => guest.StopAsked is null || isForced
            ? guest with { StopAsked = guest.StopAsked ?? now, StopLatency = isForced ? TimeSpan.Zero : guest.Latency }
            : guest, cancellationToken);

    /// <inheritdoc/>
    public Task RemoveAsync(string instanceId, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            DropTimer(instanceId);
            _guests.Remove(instanceId);
            _file.Remove(instanceId);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task AttachAsync(string instanceId, GuestDisk disk, CancellationToken cancellationToken) =>
        ChangeAsync(instanceId, (guest, _) => guest.AttachFailure is { } failure
            ? throw new FabricException(
                HttpStatusCode.Conflict, "AttachDiskFailed", instanceId, $"The simulated guest does not take the disk with LUN {disk.Lun}: {failure}.",
                $"Change the tag {SimulatedBehavior.TagName} and restart it, then attach the disk again.")
            : guest.Luns.Contains(disk.Lun) ? guest : guest with { Luns = [.. guest.Luns.Append(disk.Lun).Order()] }, cancellationToken);

    /// <inheritdoc/>
    public Task DetachAsync(string instanceId, int lun, CancellationToken cancellationToken) =>
        ChangeAsync(instanceId, (guest, _) => guest.Luns.Contains(lun) ? guest with { Luns = [.. guest.Luns.Where(other => other != lun)] } : guest, cancellationToken);

    /// <inheritdoc/>
    public GuestReport? Report(string instanceId)
    {
        lock (_lock)
        {
            return Find(instanceId)?.Report(_clock.GetUtcNow());
        }
    }

    /// <inheritdoc/>
    public Task<GuestAccess?> DiagnoseAsync(string instanceId, CancellationToken cancellationToken) => Task.FromResult<GuestAccess?>(null);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            _isClosed = true;
            foreach (ITimer timer in _timers.Values)
            {
                timer.Dispose();
            }

            _timers.Clear();
        }

        return ValueTask.CompletedTask;
    }

    private SimulatedGuest Boot(GuestOrder order, SimulatedBehavior behavior)
    {
        // A specialised guest is ready as it is; one that nobody generalised never gets there.
        (GuestProvisioning provisioning, string? message) = order.NeedsProvisioning && order.NotGeneralizedReason is { } reason
            ? (GuestProvisioning.InProgress, reason)
            : (behavior.Provisioning, behavior.ProvisioningMessage);
        return new SimulatedGuest
        {
            Boot = order.Boot,
            Started = _clock.GetUtcNow(),
            Latency = behavior.Latency ?? _latency,
            Provisioning = provisioning,
            Message = message,
            AttachFailure = behavior.AttachFailure,
            Luns = [.. order.DataDisks.Select(disk => disk.Lun).Order()],
        };
    }

    private Task ChangeAsync(string instanceId, Func<SimulatedGuest, DateTimeOffset, SimulatedGuest> change, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            if (Find(instanceId) is not { } guest || change(guest, _clock.GetUtcNow()) is not { } changed || ReferenceEquals(changed, guest))
            {
                return Task.CompletedTask;
            }

            Keep(instanceId, changed);
        }

        ReportChanged?.Invoke(instanceId);
        return Task.CompletedTask;
    }

    private SimulatedGuest? Find(string instanceId)
    {
        if (!_guests.TryGetValue(instanceId, out SimulatedGuest? guest))
        {
            guest = _file.Read(instanceId);
            if (guest is not null)
            {
                _guests.Add(instanceId, guest);
                Watch(instanceId, guest);
            }
        }

        return guest;
    }

    private void Keep(string instanceId, SimulatedGuest guest)
    {
        _file.Write(instanceId, guest);
        _guests[instanceId] = guest;
        Watch(instanceId, guest);
    }

    private void Watch(string instanceId, SimulatedGuest guest)
    {
        DropTimer(instanceId);
        DateTimeOffset now = _clock.GetUtcNow();
        if (_isClosed || guest.NextChange(now) is not { } due)
        {
            return;
        }

        ITimer timer = _clock.CreateTimer(_ => GoOff(instanceId), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timers.Add(instanceId, timer);
        TimeSpan wait = due - now;
        timer.Change(wait < ShortestWait ? ShortestWait : wait, Timeout.InfiniteTimeSpan);
    }

    private void GoOff(string instanceId)
    {
        lock (_lock)
        {
            if (_isClosed || !_guests.TryGetValue(instanceId, out SimulatedGuest? guest))
            {
                return;
            }

            // Timers and the time of day come from different clocks: a timer can be early.
            Watch(instanceId, guest);
            if (_timers.ContainsKey(instanceId))
            {
                return;
            }
        }

        ReportChanged?.Invoke(instanceId);
    }

    private void DropTimer(string instanceId)
    {
        if (_timers.Remove(instanceId, out ITimer? timer))
        {
            timer.Dispose();
        }
    }
}
