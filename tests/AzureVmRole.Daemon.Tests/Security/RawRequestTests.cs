using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using AzureVmRole.Daemon.Hosting;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Daemon.Tests.Security;

/// <summary>Requests that no client library sends, byte by byte over TLS: refused or read in the one safe way, and the daemon goes on.</summary>
public sealed class RawRequestTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(8);

    /// <summary>The rest of each request: <c>@</c> stands for the line and headers that every good request has.</summary>
    private static readonly (string Text, int Expected)[] Shapes =
    [
        ("PUT {group} HTTP/1.1\r\n@Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        ("PUT {group} HTTP/1.1\r\n@Content-Length: 5\r\nContent-Length: 50\r\n\r\n{\"a\":", 400),
        ("PUT {group} HTTP/1.1\r\n@Content-Length: -1\r\n\r\n", 400),
        ("PUT {group} HTTP/1.1\r\n@Content-Length: 99999999999999999999\r\n\r\n", 400),
        ("PUT {group} HTTP/1.1\r\n@Content-Length: 40000000\r\n\r\n{}", 413),
        ("PUT {group} HTTP/1.1\r\n@Transfer-Encoding: gzip\r\n\r\n{}", 400),
        ("PUT {group} HTTP/1.1\r\n@Transfer-Encoding: chunked\r\n\r\nZZ\r\n{}\r\n0\r\n\r\n", 400),
        ("PUT {group} HTTP/1.1\r\n@Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFFF\r\n{}", 400),
        ("GET /subscriptions?api-version=1 HTTP/1.1\r\n@Host: 127.0.0.1\r\n\r\n", 400),
        ("GET /subscriptions?api-version=1 HTTP/1.1\r\nAuthorization: Bearer {token}\r\n\r\n", 400),
        ("GET /subscriptions?api-version=1 HTTP/1.1\r\nHost:\r\nAuthorization: Bearer {token}\r\n\r\n", 400),
        ("GET https://evil.example/subscriptions?api-version=1 HTTP/1.1\r\n@\r\n", 400),
        ("GET http://localhost/subscriptions?api-version=1 HTTP/1.1\r\n@\r\n", 400),
        ("GET /subscriptions/../../etc/passwd?api-version=1 HTTP/1.1\r\n@\r\n", 400),
        ("GET /subscriptions/%2e%2e/%2e%2e?api-version=1 HTTP/1.1\r\n@\r\n", 400),
        ("GET /subscriptions\\x?api-version=1 HTTP/1.1\r\n@\r\n", 400),
        ("GET /%c0%ae%c0%ae/x?api-version=1 HTTP/1.1\r\n@\r\n", 400),
        ("GET /subscriptions%00?api-version=1 HTTP/1.1\r\n@\r\n", 400),
        ("OPTIONS * HTTP/1.1\r\n@\r\n", 400),
        ("CONNECT evil.example:443 HTTP/1.1\r\n@\r\n", 400),
        ("TRACE /subscriptions?api-version=1 HTTP/1.1\r\n@\r\n", 405),
        ("GET /subscriptions?api-version=1 HTTP/1.1\r\n@X: a\0b\r\n\r\n", 400),
        ("GET /subscriptions?api-version=1 HTTP/1.1\r\n@X: a\r\n  folded\r\n\r\n", 400),
        ("GET /subscriptions?api-version=1 HTTP/1.1\r\n@X : a\r\n\r\n", 400),
        ("GET /subscriptions?api-version=1 HTTP/9.9\r\n@\r\n", 505),
        ("\0\0\0\0\r\n\r\n", 400),
        ("GET /subscriptions?api-version=1 HTTP/1.1\r\n@X: {long}\r\n\r\n", 431),
        ("GET /{long}?api-version=1 HTTP/1.1\r\n@\r\n", 414),
        ("GET /subscriptions?api-version=1 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nAuthorization: Bearer x\r\n\r\n", 401),
        ("GET /subscriptions?api-version=1 HTTP/1.1\r\nHost: 127.0.0.1.evil.example\r\nOrigin: https://evil.example\r\nAuthorization: Bearer {token}\r\n\r\n", 400),
        ("GET /subscriptions?api-version=1 HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Host: localhost\r\n\r\n", 401),
    ];

    [Fact(Timeout = 120_000)]
    public async Task Send_ShapesThatNobodySends_AreRefusedAndTheDaemonGoesOn()
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Stop);
        var wrong = new List<string>();
        (string Shape, int Expected, string Answer)[] answers = await Task.WhenAll(
            Shapes.Select(async shape => (shape.Text, shape.Expected, await SendAsync(daemon, Fill(daemon, shape.Text)))));
        foreach ((string shape, int expected, string answer) in answers)
        {
            string line = answer.Split("\r\n")[0];
            int count = answer.Split("HTTP/1.1 ").Length - 1;
            if (!line.StartsWith($"HTTP/1.1 {expected}", StringComparison.Ordinal) || count != 1)
            {
                wrong.Add($"{shape.ReplaceLineEndings("|")}: expected {expected}, {count} answers: {line} {(answer.EndsWith(')') ? "open" : "")}");
            }

            if (answer.Contains("evil", StringComparison.Ordinal) && !answer.Contains("application/json", StringComparison.Ordinal))
            {
                wrong.Add($"{shape.ReplaceLineEndings("|")}: echoed as {answer}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.Equal(HttpStatusCode.NotFound, (await daemon.SendAsync(Stop, "GET", $"{daemon.Subscription}/resourceGroups/smuggled")).Status);
        Assert.Equal(HttpStatusCode.OK, (await daemon.SendAsync(Stop, "GET", "/subscriptions")).Status);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("{token}x")]
    [InlineData("{short}")]
    [InlineData("{upper}")]
    [InlineData("{token}\u00e4")]
    [InlineData("{token}, Bearer {token}")]
    public async Task Send_TokenThatIsNearlyRight_IsRefused(string shape)
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Stop);
        string text = shape.Replace("{token}", daemon.Token, StringComparison.Ordinal).Replace("{short}", daemon.Token[..^1], StringComparison.Ordinal)
            .Replace("{upper}", daemon.Token.ToUpperInvariant(), StringComparison.Ordinal);
        string answer = await SendAsync(daemon, $"GET /subscriptions?api-version=1&access_token={daemon.Token} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer {text}\r\n\r\n");
        Assert.Matches("^HTTP/1.1 (401|400) ", answer);
    }

    [Fact(Timeout = 60_000)]
    public async Task Connect_WithoutTlsOrWithAnOldOne_IsNoUse()
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Stop);
        using var plain = new TcpClient();
        await plain.ConnectAsync(IPAddress.Loopback, daemon.Daemon.Port, Stop);
        await plain.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET /subscriptions?api-version=1 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {daemon.Token}\r\n\r\n"), Stop);
        string answer = await ReadAllAsync(plain.GetStream());
        Assert.DoesNotContain("subscriptionId", answer, StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<AuthenticationException>(() => SendAsync(daemon, "", SslProtocolsOf("Tls11")));
        Assert.Equal(HttpStatusCode.OK, (await daemon.SendAsync(Stop, "GET", "/subscriptions")).Status);
    }

    [Fact(Timeout = 60_000)]
    public async Task Start_HomeOfAnotherUser_IsRefused()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows(), "Only root can give a folder away.");
        using var home = new TemporaryFolder();
        string folder = Directory.CreateDirectory(Path.Combine(home.Path, "fabric")).FullName;
        await ExternalProgram.RunAsync(Stop, "chown", "65534", folder);
        (DaemonProcess? daemon, int code, string errors) = await DaemonProcess.TryStartAsync(home.Path, Stop);
        daemon?.Dispose();
        Assert.Equal((int)ExitCode.FileUnsafe, code);
        Assert.Contains(folder, errors, StringComparison.Ordinal);
    }

    private static SslProtocols SslProtocolsOf(string name) => Enum.Parse<SslProtocols>(name);

    private static string Fill(RunningDaemon daemon, string shape) => shape
        .Replace("@", $"Host: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nAuthorization: Bearer {daemon.Token}\r\n", StringComparison.Ordinal)
        .Replace("{group}", $"{daemon.Subscription}/resourceGroups/smuggled?api-version=1", StringComparison.Ordinal)
        .Replace("{token}", daemon.Token, StringComparison.Ordinal)
        .Replace("{long}", new string('x', 40_000), StringComparison.Ordinal);

    private static async Task<string> SendAsync(RunningDaemon daemon, string request, SslProtocols protocols = SslProtocols.None)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, daemon.Daemon.Port, Stop);
#pragma warning disable CA5359 // What is asked here is the server's part.
        await using var stream = new SslStream(client.GetStream(), leaveInnerStreamOpen: false, (_, _, _, _) => true);
#pragma warning restore CA5359
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", EnabledSslProtocols = protocols }, Stop);
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request), Stop);
        return await ReadAllAsync(stream);
    }

    private static async Task<string> ReadAllAsync(Stream stream)
    {
        var text = new StringBuilder();
        byte[] buffer = new byte[16 << 10];
        using var longest = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        longest.CancelAfter(LongestAnswer);
        try
        {
            while (await stream.ReadAsync(buffer, longest.Token) is > 0 and var count)
            {
                text.Append(Encoding.Latin1.GetString(buffer, 0, count));
            }
        }
        catch (IOException)
        {
            // Reset after a refusal: what was read before is the answer.
        }
        catch (OperationCanceledException) when (!Stop.IsCancellationRequested)
        {
            text.Append("(and the connection stays open)");
        }

        return text.ToString();
    }
}
