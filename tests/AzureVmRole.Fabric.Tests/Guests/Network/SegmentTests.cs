using System.Globalization;
using System.Net;
using System.Text;
using AzureVmRole.Fabric.Guests.Network;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Fabric.Tests.Guests.Network;

/// <summary>The segment frame by frame, with a clock that is set by hand.</summary>
public sealed class SegmentTests : IAsyncDisposable
{
    private static readonly byte[] Answer = Encoding.ASCII.GetBytes(new string('x', 4000));

    private readonly ManualTimeProvider _clock = new();
    private readonly List<bool> _addressed = [];
    private readonly Segment _segment;
    private readonly ScriptedGuest _guest;

    public SegmentTests()
    {
        _segment = new Segment(Guest.Identity, _clock) { Addressed = _addressed.Add };
        _guest = new ScriptedGuest(_segment);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _guest.DisposeAsync();
        await _segment.DisposeAsync();
    }

    [Fact(Timeout = 30_000)]
    public async Task Lease_AskedAndTaken_HasAzuresOptions()
    {
        await _guest.SendAsync(ScriptedGuest.Datagram(68, IPAddress.Broadcast, 67, ScriptedGuest.Dhcp(1)), Token);
        byte[] offer = (await _guest.ReceiveAsync(Token))[42..];
        await _guest.SendAsync(ScriptedGuest.Datagram(68, IPAddress.Broadcast, 67, ScriptedGuest.Dhcp(3, 50, 4, 10, 0, 0, 4)), Token);
        byte[] taken = (await _guest.ReceiveAsync(Token))[42..];

        Assert.Equal((2, 5), (OptionOf(offer, 53)[0], OptionOf(taken, 53)[0]));
        Assert.Equal([10, 0, 0, 4], taken[16..20]);
        Assert.Equal([168, 63, 129, 16], OptionOf(taken, 245));
        Assert.Equal([168, 63, 129, 16], OptionOf(taken, 54));
        Assert.Equal([0, 10, 0, 0, 1, 32, 168, 63, 129, 16, 10, 0, 0, 1, 32, 169, 254, 169, 254, 10, 0, 0, 1], OptionOf(taken, 121));
        Assert.Equal(OptionOf(taken, 121), OptionOf(taken, 249));
        Assert.Equal([255, 255, 255, 0], OptionOf(taken, 1));
        Assert.Equal([false, true], _addressed);
    }

    [Fact(Timeout = 30_000)]
    public async Task Lease_OfAnotherAddress_Refused()
    {
        await _guest.SendAsync(ScriptedGuest.Datagram(68, IPAddress.Broadcast, 67, ScriptedGuest.Dhcp(3, 50, 4, 192, 168, 1, 7)), Token);

        byte[] refused = (await _guest.ReceiveAsync(Token))[42..];

        Assert.Equal(6, OptionOf(refused, 53)[0]);
        Assert.Equal([0, 0, 0, 0], refused[16..20]);
    }

    [Fact(Timeout = 30_000)]
    public async Task Connection_AnswerIsNotAcknowledged_SentAgainUntilItIs()
    {
        _segment.Listen(WellKnown.WireServer, 80, async (stream, token) => await stream.WriteAsync(Answer, token));
        await SendAsync(new TcpSegment(40_000, 80, 1000, 0, TcpFlags.Synchronize, 2000, []));
        (TcpFlags flags, uint first, uint acknowledged, _) = await _guest.ReceiveSegmentAsync(Token);
        Assert.Equal((TcpFlags.Synchronize | TcpFlags.Acknowledge, 1001u), (flags, acknowledged));
        await SendAsync(new TcpSegment(40_000, 80, 1001, first + 1, TcpFlags.Acknowledge, 2000, []));
        byte[] once = (await _guest.ReceiveSegmentAsync(Token)).Payload;
        byte[] rest = (await _guest.ReceiveSegmentAsync(Token)).Payload;
        Assert.Equal(2000, once.Length + rest.Length);

        _clock.Advance(TimeSpan.FromSeconds(2));
        (_, uint again, _, byte[] payload) = await _guest.ReceiveSegmentAsync(Token);

        Assert.Equal((first + 1, once.Length), (again, payload.Length));
    }

    [Fact(Timeout = 30_000)]
    public async Task Connection_ResetByGuest_ReaderIsTold()
    {
        var ended = new TaskCompletionSource<Exception?>();
        _segment.Listen(WellKnown.WireServer, 80, async (stream, token) => ended.SetResult(await Record.ExceptionAsync(() => stream.ReadExactlyAsync(new byte[4], token).AsTask())));
        await SendAsync(new TcpSegment(40_000, 80, 1000, 0, TcpFlags.Synchronize, 2000, []));
        uint first = (await _guest.ReceiveSegmentAsync(Token)).Sequence;
        await SendAsync(new TcpSegment(40_000, 80, 1001, first + 1, TcpFlags.Acknowledge, 2000, "abc"u8));
        await SendAsync(new TcpSegment(40_000, 80, 1004, first + 1, TcpFlags.Reset, 2000, []));

        Assert.IsType<IOException>(await ended.Task.WaitAsync(Token));
    }

    [Fact(Timeout = 30_000)]
    public async Task Connection_GuestNeverAnswers_GivenUp()
    {
        await SendAsync(new TcpSegment(40_000, 80, 999, 0, TcpFlags.Synchronize, 2000, []));
        Assert.Equal(TcpFlags.Reset | TcpFlags.Acknowledge, (await _guest.ReceiveSegmentAsync(Token)).Flags);
        Task<GuestStream> connecting = _segment.ConnectAsync(22, Token);
        int tries = 0;
        for (; (await _guest.ReceiveSegmentAsync(Token)).Flags == TcpFlags.Synchronize; tries++)
        {
            _clock.Advance(TimeSpan.FromSeconds(17));
        }

        await Assert.ThrowsAsync<IOException>(() => connecting);
        Assert.Equal(9, tries);
    }

    [Fact(Timeout = 30_000)]
    public async Task Connection_PayloadsOutOfOrder_OnlyTheNextOneIsTaken()
    {
        var read = new TaskCompletionSource<byte[]>();
        _segment.Listen(WellKnown.WireServer, 80, async (stream, token) =>
        {
            byte[] buffer = new byte[6];
            await stream.ReadExactlyAsync(buffer, token);
            read.SetResult(buffer);
        });
        await SendAsync(new TcpSegment(40_000, 80, 1000, 0, TcpFlags.Synchronize, 2000, []));
        uint first = (await _guest.ReceiveSegmentAsync(Token)).Sequence;
        await SendAsync(new TcpSegment(40_000, 80, 1004, first + 1, TcpFlags.Acknowledge, 2000, "def"u8));
        Assert.Equal(1001u, (await _guest.ReceiveSegmentAsync(Token)).Acknowledged);
        await SendAsync(new TcpSegment(40_000, 80, 1001, first + 1, TcpFlags.Acknowledge, 2000, "abcd"u8));
        Assert.Equal(1005u, (await _guest.ReceiveSegmentAsync(Token)).Acknowledged);
        await SendAsync(new TcpSegment(40_000, 80, 1004, first + 1, TcpFlags.Acknowledge, 2000, "def"u8));

        Assert.Equal("abcdef"u8.ToArray(), await read.Task.WaitAsync(Token));
    }

    [Fact(Timeout = 30_000)]
    public async Task Connections_MoreThanTheLimit_Refused()
    {
        _segment.Listen(WellKnown.WireServer, 80, (stream, token) => stream.CopyToAsync(Stream.Null, token));
        for (int port = 0; port < TcpLayer.MostConnections; port++)
        {
            await SendAsync(new TcpSegment(20_000 + port, 80, 1000, 0, TcpFlags.Synchronize, 2000, []));
            Assert.Equal(TcpFlags.Synchronize | TcpFlags.Acknowledge, (await _guest.ReceiveSegmentAsync(Token)).Flags);
        }

        await SendAsync(new TcpSegment(40_000, 80, 1000, 0, TcpFlags.Synchronize, 2000, []));

        Assert.Equal(TcpFlags.Reset | TcpFlags.Acknowledge, (await _guest.ReceiveSegmentAsync(Token)).Flags);
    }

    [Fact(Timeout = 600_000)]
    public async Task Frames_Mutated_HarmNothing()
    {
        int count = int.Parse(Environment.GetEnvironmentVariable("AZVMROLE_FUZZ_CASES") ?? "20000", CultureInfo.InvariantCulture);
        _segment.Listen(WellKnown.WireServer, 80, async (stream, token) => await stream.CopyToAsync(stream, token));
        IReadOnlyList<byte[]> samples = ScriptedGuest.Samples;
        var random = new Random(count);
        for (int number = 0; number < count; number++)
        {
            _segment.Receive(Mutate(samples[random.Next(samples.Count)], random));
            _clock.Advance(TimeSpan.FromMilliseconds(number % 100 == 0 ? 300 : 0));
        }

        // It still knows the guest and answers: frames from before may come first.
        byte[] echo = ScriptedGuest.Packet(FrameWriter.Icmp, WellKnown.Metadata, [8, 0, 0xe5, 0xca, 0x12, 0x34, 0, 1]);
        await _guest.SendAsync(echo, Token);
        byte[] answer;
        do
        {
            answer = await _guest.ReceiveAsync(Token);
        }
        while (answer is not [_, _, _, _, _, _, _, _, _, _, _, _, 8, 0, ..] || answer[23] != FrameWriter.Icmp || answer[34] != 0 || answer[38] != 0x12);
        Assert.Equal(echo[38..], answer[38..]);
    }

    private static byte[] Mutate(byte[] sample, Random random)
    {
        byte[] frame = [.. sample];
        switch (random.Next(4))
        {
            case 0:
                return frame[..random.Next(frame.Length)];
            case 1:
                return [.. frame, .. new byte[random.Next(1400)]];
        }

        for (int change = random.Next(1, 6); change > 0; change--)
        {
            int place = random.Next(4) == 0 ? random.Next(frame.Length) : random.Next(Math.Min(14, frame.Length - 1), frame.Length);
            frame[place] = (byte)(random.Next(2) == 0 ? random.Next(256) : frame[place] ^ (1 << random.Next(8)));
        }

        if (random.Next(3) > 0)
        {
            Seal(frame);
        }

        return frame;
    }

    /// <summary>Makes checksums right again, or a mutated frame would only ever be one with a wrong checksum.</summary>
    private static void Seal(byte[] frame)
    {
        int header = frame.Length > 34 ? (frame[14] & 0xf) * 4 : 0;
        if (frame.Length < 14 + Math.Max(20, header) + 20 || header < 20)
        {
            return;
        }

        Write(frame.AsSpan(24, 2), 0);
        Write(frame.AsSpan(24, 2), InternetChecksum.Of(frame.AsSpan(14, header)));
        Span<byte> payload = frame.AsSpan(14 + header);
        int place = frame[23] switch { FrameWriter.Tcp => 16, FrameWriter.Icmp => 2, _ => -1 };
        if (place > 0)
        {
            Write(payload.Slice(place, 2), 0);
            Write(payload.Slice(place, 2), frame[23] == FrameWriter.Tcp
                ? InternetChecksum.Of(new IPAddress(frame.AsSpan(26, 4)), new IPAddress(frame.AsSpan(30, 4)), FrameWriter.Tcp, payload)
                : InternetChecksum.Of(payload));
        }

        static void Write(Span<byte> target, ushort value) => System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(target, value);
    }

    private static byte[] OptionOf(byte[] message, byte option)
    {
        for (int place = 240; message[place] != 255; place += 2 + message[place + 1])
        {
            if (message[place] == option)
            {
                return message[(place + 2)..(place + 2 + message[place + 1])];
            }
        }

        return [];
    }

    private ValueTask SendAsync(in TcpSegment segment) => _guest.SendAsync(ScriptedGuest.Segment(WellKnown.WireServer, segment), Token);
}
