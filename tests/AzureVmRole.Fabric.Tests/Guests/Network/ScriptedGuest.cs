using System.Buffers.Binary;
using System.Net;
using System.Text;
using AzureVmRole.Fabric.Guests.Network;

namespace AzureVmRole.Fabric.Tests.Guests.Network;

/// <summary>Frames as a guest sends them, and the frames that come back.</summary>
internal sealed class ScriptedGuest : IAsyncDisposable
{
    private static readonly IPAddress Address = Guest.Identity.Address;

    private readonly CancellationTokenSource _stop = new();
    private readonly FrameLink _link;
    private readonly Task _running;

    public ScriptedGuest(Segment segment)
    {
        (FrameLink there, _link) = PipedLink.Make();
        _running = segment.RunAsync(there, _stop.Token);
    }

    /// <summary>One of each kind of frame that the segment knows.</summary>
    public static IReadOnlyList<byte[]> Samples =>
    [
        Frame(FrameWriter.ArpType, [0, 1, 8, 0, 6, 4, 0, 1, .. Adapter, .. Address.GetAddressBytes(), 0, 0, 0, 0, 0, 0, 10, 0, 0, 1]),
        Datagram(68, IPAddress.Broadcast, 67, Dhcp(1)),
        Datagram(68, IPAddress.Broadcast, 67, Dhcp(3)),
        Datagram(4000, WellKnown.WireServer, 53, Query("web1")),
        Datagram(4000, WellKnown.WireServer, 123, [1, 2, 3]),
        Packet(FrameWriter.Icmp, WellKnown.Metadata, [8, 0, 0xe5, 0xca, 0x12, 0x34, 0, 1]),
        Segment(WellKnown.WireServer, new TcpSegment(40_000, 80, 1000, 0, TcpFlags.Synchronize, 65_000, [])),
        Segment(WellKnown.WireServer, new TcpSegment(40_000, 80, 1001, 77, TcpFlags.Acknowledge, 65_000, "GET / HTTP/1.1\r\n\r\n"u8)),
        Segment(WellKnown.WireServer, new TcpSegment(40_000, 80, 1001, 77, TcpFlags.Acknowledge | TcpFlags.Finish, 65_000, [])),
        Segment(WellKnown.WireServer, new TcpSegment(40_000, 80, 1001, 77, TcpFlags.Reset, 65_000, [])),
    ];

    private static byte[] Adapter => Guest.Identity.Adapter.GetAddressBytes();

    public static byte[] Segment(IPAddress target, in TcpSegment segment) => Packet(FrameWriter.Tcp, target, segment.Write(Address, target, 1460));

    public static byte[] Dhcp(byte type, params byte[] options)
    {
        byte[] message = new byte[240];
        (message[0], message[1], message[2]) = (1, 1, 6);
        Adapter.CopyTo(message, 28);
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(4), 0xabad1dea);
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(236), 0x63825363);
        return [.. message, 53, 1, type, .. options, 255];
    }

    public static byte[] Query(string name, byte type = 1)
    {
        IEnumerable<byte> labels = name.Split('.').SelectMany(label => Encoding.ASCII.GetBytes(label).Prepend((byte)label.Length));
        return [0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, .. labels, 0, 0, type, 0, 1];
    }

    public static byte[] Datagram(int port, IPAddress target, int targetPort, byte[] content)
    {
        byte[] frame = new FrameWriter(Guest.Identity.Adapter).Datagram(new IPEndPoint(Address, port), new IPEndPoint(target, targetPort), content);
        return FromGuest(frame);
    }

    public static byte[] Packet(byte protocol, IPAddress target, byte[] payload) => FromGuest(new FrameWriter(Guest.Identity.Adapter).Packet(Address, target, protocol, payload));

    public static byte[] Frame(ushort type, byte[] payload) => FromGuest(new FrameWriter(Guest.Identity.Adapter).Frame(type, payload));

    public ValueTask SendAsync(byte[] frame, CancellationToken cancellationToken) => _link.WriteAsync(frame, cancellationToken);

    public async Task<byte[]> ReceiveAsync(CancellationToken cancellationToken) => (await _link.ReadAsync(cancellationToken)).ToArray();

    /// <summary>The next TCP segment that comes.</summary>
    public async Task<(TcpFlags Flags, uint Sequence, uint Acknowledged, byte[] Payload)> ReceiveSegmentAsync(CancellationToken cancellationToken)
    {
        byte[] frame = await ReceiveAsync(cancellationToken);
        bool isSegment = TcpSegment.TryParse(new IPAddress(frame.AsSpan(26, 4)), Address, frame.AsSpan(34), out TcpSegment segment);
        return isSegment ? (segment.Flags, segment.Sequence, segment.Acknowledged, segment.Payload.ToArray()) : throw new InvalidOperationException("No TCP.");
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _link.DisposeAsync();
        _stop.Dispose();
    }

    private static byte[] FromGuest(byte[] frame)
    {
        FrameWriter.Gateway.CopyTo(frame);
        Adapter.CopyTo(frame, 6);
        return frame;
    }
}
