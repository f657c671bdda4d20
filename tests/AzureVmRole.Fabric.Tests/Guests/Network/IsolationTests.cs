using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using AzureVmRole.Fabric.Guests;
using AzureVmRole.Fabric.Guests.Beats;
using AzureVmRole.Fabric.Guests.Network;
using Xunit;

namespace AzureVmRole.Fabric.Tests.Guests.Network;

/// <summary>A guest that looks for a way out: it reaches the wire server, the host plug-in, the metadata service and what is carried to it, and nothing of this machine or beyond.</summary>
public sealed class IsolationTests : IAsyncDisposable
{
    private const ushort IPv6Type = 0x86dd;
    private const byte PortUnreachableType = 3;
    private const int GuestPort = 40_000;

    private readonly GuestServices _services = new(Guest.Identity, new BeatOptions(), TimeProvider.System, () => { });
    private readonly ScriptedGuest _guest;

    public IsolationTests() => _guest = new ScriptedGuest(_services.Segment);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>This machine's own addresses, and some beyond.</summary>
    private static IEnumerable<IPAddress> Elsewhere => NetworkInterface.GetAllNetworkInterfaces()
        .SelectMany(adapter => adapter.GetIPProperties().UnicastAddresses)
        .Select(address => address.Address)
        .Where(address => address.AddressFamily == AddressFamily.InterNetwork)
        .Concat([IPAddress.Loopback, IPAddress.Any, Guest.Identity.Gateway, IPAddress.Parse("10.0.0.9"), IPAddress.Parse("192.168.0.1"), IPAddress.Parse("203.0.113.7")])
        .Distinct();

    public async ValueTask DisposeAsync()
    {
        await _guest.DisposeAsync();
        await _services.DisposeAsync();
    }

    [Theory(Timeout = 120_000)]
    [InlineData("168.63.129.16", new[] { 80, 32526 })]
    [InlineData("169.254.169.254", new[] { 80 })]
    [InlineData("10.0.0.1", new int[0])]
    [InlineData("127.0.0.1", new int[0])]
    public async Task Ports_AllTried_OnlyServicesAreOpen(string address, int[] expected)
    {
        var open = new List<int>();
        for (int port = 1; port <= ushort.MaxValue; port++)
        {
            if (await ConnectAsync(IPAddress.Parse(address), port))
            {
                open.Add(port);
            }
        }

        Assert.Equal(expected, open);
    }

    [Fact(Timeout = 30_000)]
    public async Task Connection_ToAListenerOfThisMachine_RefusedAndNeverSeen()
    {
        using var listener = new TcpListener(IPAddress.Any, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;

        foreach (IPAddress address in Elsewhere)
        {
            Assert.False(await ConnectAsync(address, port), $"{address}:{port}");
        }

        Assert.False(listener.Pending());
    }

    [Fact(Timeout = 30_000)]
    public async Task Connection_ToTheForwardedPort_RefusedInTheOtherDirection()
    {
        await using var forward = PortForward.Start(_services.Segment, 22);

        foreach (IPAddress address in Elsewhere)
        {
            Assert.False(await ConnectAsync(address, forward.Endpoint.Port), $"{address}:{forward.Endpoint.Port}");
            Assert.False(await ConnectAsync(address, 22), $"{address}:22");
        }
    }

    [Fact(Timeout = 30_000)]
    public async Task Datagram_ToASocketOfThisMachine_UnreachableAndNeverSeen()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Any, 0));
        int port = ((IPEndPoint)socket.LocalEndPoint!).Port;

        foreach (IPAddress address in Elsewhere)
        {
            await _guest.SendAsync(ScriptedGuest.Datagram(4000, address, port, [1, 2, 3]), Token);
            byte[] answer = await _guest.ReceiveAsync(Token);
            Assert.Equal((FrameWriter.Icmp, PortUnreachableType, address), (answer[23], answer[34], new IPAddress(answer.AsSpan(26, 4))));
        }

        Assert.Equal(0, socket.Available);
    }

    [Fact(Timeout = 30_000)]
    public async Task Names_AskedElsewhere_Unreachable()
    {
        foreach (IPAddress address in Elsewhere)
        {
            await _guest.SendAsync(ScriptedGuest.Datagram(4000, address, 53, ScriptedGuest.Query("web1")), Token);

            Assert.Equal(PortUnreachableType, (await _guest.ReceiveAsync(Token))[34]);
        }
    }

    [Fact(Timeout = 30_000)]
    public async Task IPv6AndOtherProtocols_NotAnswered()
    {
        // A router solicitation (RFC 4861 section 4.1) to all routers, a connection to ::1, one with SCTP, and an echo to somebody who is not there.
        byte[] solicitation = [0x60, 0, 0, 0, 0, 8, 58, 255, .. IPAddress.Parse("fe80::4").GetAddressBytes(), .. IPAddress.Parse("ff02::2").GetAddressBytes(), 133, 0, 0, 0, 0, 0, 0, 0];
        byte[] connection = [0x60, 0, 0, 0, 0, 20, 6, 64, .. IPAddress.Parse("fe80::4").GetAddressBytes(), .. IPAddress.IPv6Loopback.GetAddressBytes(), .. new byte[12], 0x50, 2, .. new byte[6]];
        await _guest.SendAsync(ScriptedGuest.Frame(IPv6Type, solicitation), Token);
        await _guest.SendAsync(ScriptedGuest.Frame(IPv6Type, connection), Token);
        await _guest.SendAsync(ScriptedGuest.Packet(132, WellKnown.WireServer, new byte[16]), Token);
        await _guest.SendAsync(ScriptedGuest.Packet(FrameWriter.Icmp, IPAddress.Parse("203.0.113.7"), Echo(1)), Token);
        await _guest.SendAsync(ScriptedGuest.Packet(FrameWriter.Icmp, WellKnown.WireServer, Echo(2)), Token);

        byte[] first = await _guest.ReceiveAsync(Token);

        Assert.Equal((FrameWriter.Icmp, 0, 2), (first[23], first[34], first[41]));
    }

    private static byte[] Echo(byte number)
    {
        byte[] message = [8, 0, 0, 0, 0x12, 0x34, 0, number];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), InternetChecksum.Of(message));
        return message;
    }

    /// <summary>Whether the address answers a connection to the port; it is taken back at once.</summary>
    private async Task<bool> ConnectAsync(IPAddress address, int port)
    {
        await _guest.SendAsync(ScriptedGuest.Segment(address, new TcpSegment(GuestPort, port, 1000, 0, TcpFlags.Synchronize, 2000, [])), Token);
        (TcpFlags flags, _, uint acknowledged, _) = await _guest.ReceiveSegmentAsync(Token);
        Assert.Equal(1001u, acknowledged);
        if (flags == (TcpFlags.Reset | TcpFlags.Acknowledge))
        {
            return false;
        }

        Assert.Equal(TcpFlags.Synchronize | TcpFlags.Acknowledge, flags);
        await _guest.SendAsync(ScriptedGuest.Segment(address, new TcpSegment(GuestPort, port, 1001, 0, TcpFlags.Reset, 2000, [])), Token);
        return true;
    }
}
