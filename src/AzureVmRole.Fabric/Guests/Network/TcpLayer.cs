using System.Net;
using System.Security.Cryptography;

namespace AzureVmRole.Fabric.Guests.Network;

/// <summary>The TCP connections of one segment. Everything happens under the segment's lock, but for what <see cref="GuestStream"/> awaits.</summary>
internal sealed class TcpLayer(IPAddress guest, FrameWriter frames, Action<byte[]> send, TimeProvider clock)
{
    /// <summary>More than an agent has at once; a guest that asks for more is refused.</summary>
    public const int MostConnections = 128;

    private const int FirstEphemeralPort = 49_152;

    private readonly Dictionary<TcpRoute, TcpConnection> _connections = [];
    private readonly Dictionary<(IPAddress Address, int Port), Action<TcpConnection>> _listeners = [];
    private readonly Dictionary<TcpConnection, Action<TcpConnection>> _accepting = [];
    private int _lastPort = FirstEphemeralPort;

    /// <summary>A time stamp.</summary>
    public long Now => clock.GetTimestamp();

    /// <summary>The time since a stamp.</summary>
    public TimeSpan Elapsed(long since) => clock.GetElapsedTime(since);

    /// <summary>How many connections there are.</summary>
    public int Count => _connections.Count;

    /// <summary>Takes the guest's connections to an address and port.</summary>
    public void Listen(IPAddress address, int port, Action<TcpConnection> accepted) => _listeners.Add((address, port), accepted);

    /// <summary>Takes a packet of the guest.</summary>
    public void Receive(IPAddress target, ReadOnlySpan<byte> data)
    {
        if (!TcpSegment.TryParse(guest, target, data, out TcpSegment segment))
        {
            return;
        }

        var route = new TcpRoute(target, segment.Target, segment.Source);
        if (_connections.TryGetValue(route, out TcpConnection? connection))
        {
            connection.Receive(segment);
        }
        else if (IsBeginning(segment) && _connections.Count < MostConnections && _listeners.TryGetValue((target, segment.Target), out Action<TcpConnection>? accepted))
        {
            var made = new TcpConnection(this, route, FirstNumber());
            _connections.Add(route, made);
            _accepting.Add(made, accepted);
            made.Accept(segment);
        }
        else if (!segment.Has(TcpFlags.Reset))
        {
            Refuse(route, segment);
        }
    }

    /// <summary>Begins a connection to the guest.</summary>
    /// <exception cref="IOException">There are too many.</exception>
    public TcpConnection Connect(IPAddress from, int port)
    {
        if (_connections.Count >= MostConnections)
        {
            throw new IOException($"The guest has {MostConnections} connections, which is all that it can have.");
        }

        TcpRoute route;
        do
        {
            _lastPort = _lastPort == ushort.MaxValue ? FirstEphemeralPort : _lastPort + 1;
            route = new TcpRoute(from, _lastPort, port);
        }
        while (_connections.ContainsKey(route));
        var connection = new TcpConnection(this, route, FirstNumber());
        _connections.Add(route, connection);
        connection.Open();
        return connection;
    }

    /// <summary>Looks at the time.</summary>
    public void Tick()
    {
        foreach (TcpConnection connection in _connections.Values.ToArray())
        {
            connection.Tick();
        }
    }

    /// <summary>Ends everything.</summary>
    public void Close()
    {
        foreach (TcpConnection connection in _connections.Values.ToArray())
        {
            connection.Abort();
        }
    }

    /// <summary>A connection is there.</summary>
    public void Established(TcpConnection connection)
    {
        if (_accepting.Remove(connection, out Action<TcpConnection>? accepted))
        {
            accepted(connection);
        }
    }

    /// <summary>A connection is gone.</summary>
    public void Ended(TcpConnection connection)
    {
        _accepting.Remove(connection);
        _connections.Remove(connection.Route);
    }

    /// <summary>Sends a segment to the guest.</summary>
    public void Send(TcpRoute route, in TcpSegment segment) =>
        send(frames.Packet(route.Host, guest, FrameWriter.Tcp, segment.Write(route.Host, guest, TcpConnection.LargestPayload)));

    private static bool IsBeginning(in TcpSegment segment) => segment.Flags == TcpFlags.Synchronize;

    private static uint FirstNumber()
    {
        Span<byte> number = stackalloc byte[4];
        RandomNumberGenerator.Fill(number);
        return BitConverter.ToUInt32(number);
    }

    /// <summary>Nobody listens (RFC 9293 section 3.5.2).</summary>
    private void Refuse(TcpRoute route, in TcpSegment segment) => Send(route, segment.Has(TcpFlags.Acknowledge)
        ? new TcpSegment(route.HostPort, route.GuestPort, segment.Acknowledged, 0, TcpFlags.Reset, 0, [])
        : new TcpSegment(route.HostPort, route.GuestPort, 0, Sequence.Add(segment.Sequence, segment.Length), TcpFlags.Reset | TcpFlags.Acknowledge, 0, []));
}
