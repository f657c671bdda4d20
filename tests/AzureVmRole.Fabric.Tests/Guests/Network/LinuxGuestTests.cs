using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using AzureVmRole.Fabric.Guests.Http;
using AzureVmRole.Fabric.Guests.Network;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Fabric.Tests.Guests.Network;

/// <summary>The segment against Linux's own network stack, in a network namespace.</summary>
public sealed class LinuxGuestTests : IAsyncLifetime
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Segment _segment = new(Guest.Identity, TimeProvider.System);
    private Task _running = Task.CompletedTask;
    private TapAdapter? _guest;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private TapAdapter Linux => _guest!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(TapAdapter.IsPossible, "Needs Linux, root, /dev/net/tun and iproute2.");
        Assert.SkipUnless(ExternalProgram.IsInstalled("busybox") && ExternalProgram.IsInstalled("curl"), "Needs busybox and curl.");
        (FrameLink segment, FrameLink guest) = PipedLink.Make();
        _running = _segment.RunAsync(segment, _stop.Token);
        _guest = await TapAdapter.MakeAsync(guest, Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (_guest is not null)
        {
            await _guest.DisposeAsync();
        }

        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _segment.DisposeAsync();
        _stop.Dispose();
    }

    [Theory(Timeout = 60_000)]
    [InlineData("10.0.0.1", true)]
    [InlineData("168.63.129.16", true)]
    [InlineData("169.254.169.254", true)]
    [InlineData("10.0.0.9", false)]
    [InlineData("8.8.8.8", false)]
    public async Task Echo_OnlyServicesAnswer(string address, bool isAnswered)
    {
        ProgramResult ping = await Linux.RunInsideAsync(Token, "busybox", "ping", "-c", "1", "-W", "2", address);

        Assert.Equal(isAnswered, ping.ExitCode == 0);
    }

    [Fact(Timeout = 60_000)]
    public async Task Request_Answered_AndOthersRefusedAtOnce()
    {
        Serve(new EchoService());

        ProgramResult answered = await Linux.RunInsideAsync(Token, "curl", "-s", "-m", "10", "-H", "x-ms-version: 2012-11-30", "http://168.63.129.16/machine?comp=goalstate");
        ProgramResult refused = await Linux.RunInsideAsync(Token, "curl", "-s", "-m", "10", "http://168.63.129.16:81/");
        ProgramResult elsewhere = await Linux.RunInsideAsync(Token, "curl", "-s", "-m", "10", "http://203.0.113.7/");

        Assert.Equal("GET /machine goalstate 0", answered.Output);
        Assert.Equal((7, 7), (refused.ExitCode, elsewhere.ExitCode));
    }

    [Fact(Timeout = 60_000)]
    public async Task Transfers_BothWays_ArriveWhole()
    {
        using var folder = new TemporaryFolder();
        byte[] content = RandomNumberGenerator.GetBytes(7 << 20);
        await File.WriteAllBytesAsync(folder.File("up"), content, Token);
        Serve(new MirrorService());

        ProgramResult curl = await Linux.RunInsideAsync(
            Token, "curl", "-s", "-m", "50", "--data-binary", "@" + folder.File("up"), "-o", folder.File("down"), "http://168.63.129.16/mirror");

        Assert.Equal(0, curl.ExitCode);
        Assert.Equal(SHA256.HashData(content), SHA256.HashData(await File.ReadAllBytesAsync(folder.File("down"), Token)));
    }

    [Fact(Timeout = 60_000)]
    public async Task Requests_OnManyConnectionsAndOneAfterTheOther_AllAnswered()
    {
        Serve(new EchoService());
        string[] urls = [.. Enumerable.Range(0, 60).Select(number => $"http://168.63.129.16/{number}")];

        ProgramResult parallel = await Linux.RunInsideAsync(Token, "curl", ["-s", "-m", "30", "--parallel", "--parallel-max", "40", .. urls]);
        ProgramResult serial = await Linux.RunInsideAsync(Token, "curl", ["-s", "-m", "30", .. urls]);

        Assert.Equal((60, 60), (Count(parallel.Output), Count(serial.Output)));
    }

    [Fact(Timeout = 60_000)]
    public async Task Forward_ToAListeningGuest_CarriesBothWays()
    {
        Task<ProgramResult> listening = Linux.RunInsideAsync(Token, "busybox", "nc", "-l", "-p", "22", "-e", "cat");
        await using var forward = PortForward.Start(_segment, 22);
        byte[] sent = RandomNumberGenerator.GetBytes(300_000);

        byte[] received = await ExchangeAsync(forward.Endpoint, sent);

        Assert.Equal(SHA256.HashData(sent), SHA256.HashData(received));
        Assert.Equal(0, (await listening).ExitCode);
    }

    [Fact(Timeout = 60_000)]
    public async Task Forward_NobodyListens_ConnectionEnds()
    {
        await using var forward = PortForward.Start(_segment, 22);
        using var client = new TcpClient();
        await client.ConnectAsync(forward.Endpoint, Token);

        int read = await client.GetStream().ReadAsync(new byte[1], Token);

        Assert.Equal(0, read);
    }

    [Fact(Timeout = 60_000)]
    public async Task Names_OwnKnown_OthersUnknownAtOnce()
    {

        ProgramResult own = await Linux.RunInsideAsync(Token, "busybox", "nslookup", "web1", "168.63.129.16");
        ProgramResult other = await Linux.RunInsideAsync(Token, "busybox", "nslookup", "example.com", "168.63.129.16");

        Assert.Contains("10.0.0.4", own.Output, StringComparison.Ordinal);
        Assert.Contains("NXDOMAIN", other.Output + other.Error, StringComparison.Ordinal);
    }

    private static int Count(string output) => output.Split("GET").Length - 1;

    /// <summary>Sends until the listener is there, then all, and reads until it has ended.</summary>
    private static async Task<byte[]> ExchangeAsync(IPEndPoint endpoint, byte[] sent)
    {
        while (true)
        {
            using var client = new TcpClient();
            await client.ConnectAsync(endpoint, Token);
            NetworkStream stream = client.GetStream();
            using var received = new MemoryStream();
            try
            {
                Task writing = stream.WriteAsync(sent, Token).AsTask();
                byte[] buffer = new byte[64 << 10];
                while (received.Length < sent.Length && await stream.ReadAsync(buffer, Token) is > 0 and int count)
                {
                    received.Write(buffer.AsSpan(0, count));
                }

                if (received.Length > 0)
                {
                    await writing;
                    return received.ToArray();
                }
            }
            catch (IOException)
            {
                // Not there yet.
            }
        }
    }

    private void Serve(IGuestService service) => _segment.Listen(
        WellKnown.WireServer, 80, (stream, token) => GuestHttp.ServeAsync(stream, new IPEndPoint(WellKnown.WireServer, 80), service, token));

    private sealed class EchoService : IGuestService
    {
        public GuestAnswer Answer(GuestRequest request) =>
            GuestAnswer.Xml($"{request.Method} {request.Path} {request.Query.GetValueOrDefault("comp")} {request.Body.Length}");
    }

    private sealed class MirrorService : IGuestService
    {
        public GuestAnswer Answer(GuestRequest request) => new(HttpStatusCode.OK, "application/octet-stream", request.Body);
    }
}
