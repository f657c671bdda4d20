using System.Net;
using AzureVmRole.Fabric.Guests.Beats;
using AzureVmRole.Fabric.Guests.Http;
using AzureVmRole.Fabric.Guests.Metadata;
using AzureVmRole.Fabric.Guests.Network;
using AzureVmRole.Fabric.Guests.Wire;

namespace AzureVmRole.Fabric.Guests;

/// <summary>Everything outside of one guest that it meets: its network and the services on it; and what is known of the guest through them. Safe for several threads.</summary>
internal sealed class GuestServices : IAsyncDisposable
{
    private const int HttpPort = 80;

    private readonly Lock _lock = new();
    private readonly TimeProvider _clock;
    private readonly Action _changed;
    private readonly MetadataService _metadata;
    private GuestBeats _beats;

    /// <summary>Makes them.</summary>
    /// <param name="guest">Who meets them.</param>
    /// <param name="options">How long the guest may take.</param>
    /// <param name="clock">The time.</param>
    /// <param name="changed">Told when <see cref="Beats"/> has changed; called from any thread, and returns at once.</param>
    public GuestServices(GuestIdentity guest, BeatOptions options, TimeProvider clock, Action changed)
    {
        _clock = clock;
        _changed = changed;
        _beats = GuestBeats.Start(options, clock.GetUtcNow());
        Segment = new Segment(guest, clock)
        {
            Addressed = isTaken => Tell(new GuestSignal(isTaken ? GuestSignalKind.AddressTaken : GuestSignalKind.AddressAsked, clock.GetUtcNow())),
        };
        Wire = new WireState(guest, clock, Tell);
        Serve(WellKnown.WireServer, HttpPort, new WireServer(Wire));
        Serve(WellKnown.WireServer, WellKnown.HostPluginPort, new HostPlugin(Wire));
        _metadata = new MetadataService(guest, clock, Tell);
        Serve(WellKnown.Metadata, HttpPort, _metadata);
    }

    /// <summary>The guest's network.</summary>
    public Segment Segment { get; }

    /// <summary>What the wire server knows.</summary>
    public WireState Wire { get; }

    /// <summary>Says something new about the guest: its secrets are gone, its disks have changed.</summary>
    public void Change(Func<GuestIdentity, GuestIdentity> change)
    {
        lock (_lock)
        {
            Wire.Identity = change(Wire.Identity);
            _metadata.Identity = change(_metadata.Identity);
        }
    }

    /// <summary>What is known of the guest.</summary>
    public GuestBeats Beats
    {
        get
        {
            lock (_lock)
            {
                return _beats;
            }
        }
    }

    /// <summary>Notes what did not come over the network: a reboot, the drive, the end.</summary>
    public void Note(Func<GuestBeats, DateTimeOffset, GuestBeats> change)
    {
        lock (_lock)
        {
            _beats = change(_beats, _clock.GetUtcNow());
        }

        _changed();
    }

    /// <summary>Notes how far the system is with its services, when that is news.</summary>
    public void Note(ServiceStart services)
    {
        if (services != Beats.Services)
        {
            Note((beats, now) => beats.Take(services, now));
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Segment.DisposeAsync();

    private void Tell(GuestSignal signal) => Note((beats, _) => beats.Take(signal));

    private void Serve(IPAddress address, int port, IGuestService service)
    {
        var server = new IPEndPoint(address, port);
        Segment.Listen(address, port, (stream, token) => GuestHttp.ServeAsync(stream, server, service, token));
    }
}
