using System.Globalization;
using System.Net;
using AzureVmRole.Fabric.Guests.Network;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Fabric.Tests.Guests.Network;

/// <summary>
/// Connections that are there, and a guest that sends anything: numbers that fit and that do not, windows that close, ends and resets in the middle. Whatever it does, both sides
/// read what the other one wrote, and nothing is left of a connection that ended.
/// </summary>
public sealed class TcpFuzzTests
{
    private const int SegmentsEach = 200;
    private const uint GuestFirst = 0xffff_f000;

    private readonly ManualTimeProvider _clock = new();
    private readonly Random _random = new(20300101);
    private readonly TcpLayer _layer;
    private TcpConnection? _connection;
    private uint _hostFirst;
    private uint _hostNext;
    private uint _awaited;
    private int _guestPort = 20_000;
    private int _read;
    private int _written;
    private bool _isLeft;

    public TcpFuzzTests()
    {
        _layer = new TcpLayer(Guest.Identity.Address, new FrameWriter(Guest.Identity.Adapter), Take, _clock);
        _layer.Listen(WellKnown.WireServer, 80, connection => _connection = connection);
    }

    [Fact(Timeout = 3_600_000)]
    public async Task Segments_OfOpenConnections_HarmNothing()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        int count = int.Parse(Environment.GetEnvironmentVariable("AZVMROLE_FUZZ_CASES") ?? "20000", CultureInfo.InvariantCulture);
        long total = 0;
        await Task.Run(
            () =>
            {
                for (int number = 0; number < count; number += SegmentsEach)
                {
                    token.ThrowIfCancellationRequested();
                    total += RunConnection();
                }
            },
            token);

        // Were hardly anything taken, only refusals would have been tested.
        Assert.True(total > count, $"Only {total} bytes were carried.");
        Assert.Equal(0, _layer.Count);
    }

    private static byte FromGuest(int offset) => (byte)((offset * 31) + 7);

    private static byte FromHost(int offset) => (byte)((offset * 17) + 3);

    /// <summary>One connection from its beginning to its end.</summary>
    /// <returns>How many bytes were carried.</returns>
    private int RunConnection()
    {
        (_connection, _read, _written, _isLeft) = (null, 0, 0, false);
        _guestPort = _guestPort == ushort.MaxValue ? 20_000 : _guestPort + 1;
        Send(GuestFirst, 0, TcpFlags.Synchronize, 2000, 0);
        _hostNext = Sequence.Add(_hostFirst, 1);
        Send(Sequence.Add(GuestFirst, 1), _hostNext, TcpFlags.Acknowledge, 2000, 0);
        TcpConnection connection = Assert.IsType<TcpConnection>(_connection);
        for (int step = 0; step < SegmentsEach && connection.State == TcpState.Open; step++)
        {
            Step(connection);
            Assert.InRange(connection.Readable, 0, ushort.MaxValue);
            Assert.InRange(_layer.Count, 0, 1);
        }

        // Until the guest has read what was written, or for as long as it is given to do so.
        connection.Leave();
        _clock.Advance(TimeSpan.FromSeconds(61));
        _layer.Tick();
        Assert.Equal(0, _layer.Count);
        return _read + _written;
    }

    private void Step(TcpConnection connection)
    {
        switch (_random.Next(60))
        {
            case < 35:
                SendAny();
                break;
            case < 45 when !_isLeft:
                Read(connection);
                break;
            case < 55 when !_isLeft:
                Write(connection);
                break;
            case < 58:
                _clock.Advance(TimeSpan.FromMilliseconds(_random.Next(4000)));
                _layer.Tick();
                break;
            case 58 when _random.Next(4) == 0:
                connection.Finish();
                break;
            case 59 when _random.Next(8) == 0:
                connection.Leave();
                _isLeft = true;
                break;
        }
    }

    private void SendAny()
    {
        uint sequence = _random.Next(10) switch
        {
            < 6 => _awaited,
            < 8 => Sequence.Add(_awaited, (uint)_random.Next(-2000, 0)),
            8 => Sequence.Add(_awaited, (uint)_random.Next(2000)),
            _ => (uint)_random.NextInt64(uint.MaxValue),
        };
        uint acknowledged = _random.Next(10) switch
        {
            < 6 => _hostNext,
            < 8 => Sequence.Add(_hostNext, (uint)_random.Next(-3000, 0)),
            8 => Sequence.Add(_hostNext, (uint)_random.Next(3000)),
            _ => (uint)_random.NextInt64(uint.MaxValue),
        };
        TcpFlags flags = _random.Next(30) switch
        {
            0 => (TcpFlags)_random.Next(32),
            1 => TcpFlags.Acknowledge | TcpFlags.Finish,
            _ => TcpFlags.Acknowledge,
        };
        ushort window = (ushort)(_random.Next(4) switch { 0 => 0, 1 => _random.Next(3), 2 => 2000, _ => ushort.MaxValue });
        Send(sequence, acknowledged, flags, window, _random.Next(3) == 0 ? 0 : _random.Next(1460));
    }

    private void Send(uint sequence, uint acknowledged, TcpFlags flags, ushort window, int length)
    {
        byte[] payload = new byte[length];
        int offset = Sequence.Distance(Sequence.Add(GuestFirst, 1), sequence);
        for (int index = 0; index < length; index++)
        {
            payload[index] = FromGuest(offset + index);
        }

        byte[] data = new TcpSegment(_guestPort, 80, sequence, acknowledged, flags, window, payload).Write(Guest.Identity.Address, WellKnown.WireServer, 1460);
        _layer.Receive(WellKnown.WireServer, data);
    }

    private void Read(TcpConnection connection)
    {
        byte[] buffer = new byte[_random.Next(1, 5000)];
        int count = connection.Read(buffer);
        for (int index = 0; index < count; index++)
        {
            Assert.Equal(FromGuest(_read + index), buffer[index]);
        }

        _read += count;
    }

    private void Write(TcpConnection connection)
    {
        byte[] data = new byte[_random.Next(1, 5000)];
        for (int index = 0; index < data.Length; index++)
        {
            data[index] = FromHost(_written + index);
        }

        _written += connection.Write(data);
    }

    /// <summary>What comes to the guest: what the host wrote, each byte at its number, however often it is sent.</summary>
    private void Take(byte[] frame)
    {
        Assert.True(TcpSegment.TryParse(new IPAddress(frame.AsSpan(26, 4)), Guest.Identity.Address, frame.AsSpan(34), out TcpSegment segment));
        if (segment.Has(TcpFlags.Reset))
        {
            return;
        }

        if (segment.Has(TcpFlags.Synchronize))
        {
            _hostFirst = segment.Sequence;
        }

        int offset = Sequence.Distance(Sequence.Add(_hostFirst, 1), segment.Sequence);
        for (int index = 0; index < segment.Payload.Length; index++)
        {
            Assert.Equal(FromHost(offset + index), segment.Payload[index]);
        }

        _hostNext = Sequence.Add(segment.Sequence, segment.Length);
        _awaited = segment.Acknowledged;
    }
}
