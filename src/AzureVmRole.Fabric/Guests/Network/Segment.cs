using System.Buffers.Binary;
using System.Net;
using System.Threading.Channels;

namespace AzureVmRole.Fabric.Guests.Network;

/// <summary>
/// The network of one guest, in user space: a link with one adapter on the other side, and the addresses that Azure's agents know. The guest reaches what was
/// put there by <see cref="Listen"/>, and nothing else; nothing leaves this process but what a listener does.
/// </summary>
internal sealed class Segment : IAsyncDisposable
{
    private const int MostFrames = 1024;
    private const int DhcpServerPort = 67;
    private const int DhcpClientPort = 68;
    private const int DnsPort = 53;
    private const int UdpHeaderLength = 8;

    private static readonly TimeSpan TickPeriod = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private readonly GuestIdentity _guest;
    private readonly FrameWriter _frames;
    private readonly TcpLayer _tcp;
    private readonly DhcpServer _dhcp;
    private readonly Dns _dns;
    private readonly byte[] _address;
    private readonly byte[] _adapter;
    private readonly ITimer _timer;
    private readonly CancellationTokenSource _stop = new();

    // A guest that does not read loses frames, as on a wire.
    private readonly Channel<byte[]> _outgoing = Channel.CreateBounded<byte[]>(
        new BoundedChannelOptions(MostFrames) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    /// <summary>Makes the network.</summary>
    /// <param name="guest">Who is on it.</param>
    /// <param name="clock">The time.</param>
    public Segment(GuestIdentity guest, TimeProvider clock)
    {
        _guest = guest;
        _frames = new FrameWriter(guest.Adapter);
        _tcp = new TcpLayer(guest.Address, _frames, Send, clock);
        _dhcp = new DhcpServer(guest);
        _dns = new Dns(guest);
        _address = guest.Address.GetAddressBytes();
        _adapter = guest.Adapter.GetAddressBytes();
        _timer = clock.CreateTimer(_ => Tick(), null, TickPeriod, TickPeriod);
    }

    /// <summary>Told when the guest has asked for an address (false), and when it has one (true). Returns at once.</summary>
    public Action<bool>? Addressed { get; init; }

    /// <summary>Takes the guest's connections to an address and port; each is handled on its own.</summary>
    /// <param name="address">The address.</param>
    /// <param name="port">The port.</param>
    /// <param name="handle">Handles a connection, which ends when it returns; throws nothing but IOException and cancellation.</param>
    public void Listen(IPAddress address, int port, Func<GuestStream, CancellationToken, Task> handle)
    {
        lock (_gate)
        {
            _tcp.Listen(address, port, connection => _ = Task.Run(() => HandleAsync(new GuestStream(connection, _gate), handle)));
        }
    }

    /// <summary>Connects to the guest, from its gateway.</summary>
    /// <exception cref="IOException">It has refused, or not answered.</exception>
    public async Task<GuestStream> ConnectAsync(int port, CancellationToken cancellationToken)
    {
        GuestStream stream;
        lock (_gate)
        {
            stream = new GuestStream(_tcp.Connect(_guest.Gateway, port), _gate);
        }

        try
        {
            await stream.WaitUntilOpenAsync(cancellationToken).ConfigureAwait(false);
            return stream;
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Carries frames until the link ends. A guest that starts again comes back with another link.</summary>
    /// <exception cref="InvalidDataException">What came over the link are no frames.</exception>
    /// <exception cref="IOException">The link broke.</exception>
    public async Task RunAsync(FrameLink link, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stop.Token);
        Task writing = WriteAsync(link, end.Token);
        try
        {
            while (await link.ReadAsync(end.Token).ConfigureAwait(false) is { IsEmpty: false } frame)
            {
                Receive(frame.Span);
            }
        }
        finally
        {
            await end.CancelAsync().ConfigureAwait(false);
            await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Takes a frame of the guest. What makes no sense is dropped.</summary>
    public void Receive(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < FrameWriter.EthernetLength || !frame.Slice(6, 6).SequenceEqual(_adapter))
        {
            return;
        }

        ReadOnlySpan<byte> payload = frame[FrameWriter.EthernetLength..];
        lock (_gate)
        {
            switch (BinaryPrimitives.ReadUInt16BigEndian(frame[12..]))
            {
                case FrameWriter.ArpType when Arp.Answer(payload, _address) is { } answer:
                    Send(_frames.Frame(FrameWriter.ArpType, answer));
                    break;
                case FrameWriter.IPv4Type:
                    ReceivePacket(payload);
                    break;
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync().ConfigureAwait(false);
        lock (_gate)
        {
            _tcp.Close();
        }

        await _stop.CancelAsync().ConfigureAwait(false);
        _outgoing.Writer.TryComplete();
    }

    private void ReceivePacket(ReadOnlySpan<byte> packet)
    {
        if (packet.Length < FrameWriter.IPv4Length || packet[0] >> 4 != 4)
        {
            return;
        }

        int header = (packet[0] & 0xf) * 4;
        int length = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
        bool isFragment = (BinaryPrimitives.ReadUInt16BigEndian(packet[6..]) & 0x3fff) != 0;
        if (header < FrameWriter.IPv4Length || length < header || length > packet.Length || isFragment || InternetChecksum.Of(packet[..header]) != 0)
        {
            return;
        }

        packet = packet[..length];
        ReadOnlySpan<byte> payload = packet[header..];
        ReadOnlySpan<byte> source = packet.Slice(12, 4);
        var target = new IPAddress(packet.Slice(16, 4));
        if (packet[9] == FrameWriter.Udp)
        {
            ReceiveDatagram(packet, source, target, payload);
        }
        else if (source.SequenceEqual(_address))
        {
            if (packet[9] == FrameWriter.Tcp)
            {
                _tcp.Receive(target, payload);
            }
            else if (packet[9] == FrameWriter.Icmp && IsOurs(target) && Icmp.Answer(payload) is { } answer)
            {
                Send(_frames.Packet(target, _guest.Address, FrameWriter.Icmp, answer));
            }
        }
    }

    private void ReceiveDatagram(ReadOnlySpan<byte> packet, ReadOnlySpan<byte> source, IPAddress target, ReadOnlySpan<byte> datagram)
    {
        int length = datagram.Length < UdpHeaderLength ? 0 : BinaryPrimitives.ReadUInt16BigEndian(datagram[4..]);
        if (length < UdpHeaderLength || length > datagram.Length)
        {
            return;
        }

        int port = BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]);
        int sourcePort = BinaryPrimitives.ReadUInt16BigEndian(datagram);
        ReadOnlySpan<byte> content = datagram[UdpHeaderLength..length];
        if (port == DhcpServerPort && sourcePort == DhcpClientPort)
        {
            Lease(content);
        }
        else if (!source.SequenceEqual(_address))
        {
            return;
        }
        else if (port == DnsPort && target.Equals(WellKnown.WireServer))
        {
            if (_dns.Answer(content) is { } answer)
            {
                Send(_frames.Datagram(new IPEndPoint(target, port), new IPEndPoint(_guest.Address, sourcePort), answer));
            }
        }
        else if (!IsToMany(target))
        {
            Send(_frames.Packet(target, _guest.Address, FrameWriter.Icmp, Icmp.PortUnreachable(packet)));
        }
    }

    private void Lease(ReadOnlySpan<byte> content)
    {
        if (_dhcp.Answer(content, out bool isTaken) is { } answer)
        {
            Addressed?.Invoke(isTaken);

            // To everybody: before it has the address, a guest may not listen on it.
            Send(_frames.Datagram(new IPEndPoint(WellKnown.WireServer, DhcpServerPort), new IPEndPoint(IPAddress.Broadcast, DhcpClientPort), answer));
        }
    }

    private bool IsOurs(IPAddress address) => address.Equals(_guest.Gateway) || address.Equals(WellKnown.WireServer) || address.Equals(WellKnown.Metadata);

    private static bool IsToMany(IPAddress address) => address.Equals(IPAddress.Broadcast) || address.GetAddressBytes() is [>= 224, ..] or [.., 255];

    private void Send(byte[] frame) => _outgoing.Writer.TryWrite(frame);

    private void Tick()
    {
        lock (_gate)
        {
            _tcp.Tick();
        }
    }

    private async Task WriteAsync(FrameLink link, CancellationToken cancellationToken)
    {
        await foreach (byte[] frame in _outgoing.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            await link.WriteAsync(frame, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task HandleAsync(GuestStream stream, Func<GuestStream, CancellationToken, Task> handle)
    {
        await using (stream.ConfigureAwait(false))
        {
            try
            {
                await handle(stream, _stop.Token).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException)
            {
                // The guest went away, or the network is being taken down.
            }
        }
    }
}
