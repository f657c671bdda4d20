using System.Globalization;
using System.Net;
using System.Text;
using AzureVmRole.Fabric.Guests.Http;
using Xunit;

namespace AzureVmRole.Fabric.Tests.Guests.Http;

/// <summary>Requests as bytes, and what comes back.</summary>
public sealed class GuestHttpTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET /a%20b?x=1&y=a%26b HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", 200, "GET|/a b|x=1,y=a&b|0")]
    [InlineData("GET http://168.63.129.16/a?x=1 HTTP/1.1\r\n\r\n", 200, "GET|/a|x=1|0")]
    [InlineData("GET http://168.63.129.16 HTTP/1.1\r\n\r\n", 200, "GET|/||0")]
    [InlineData("POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc", 200, "POST|/||3")]
    [InlineData("PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nTrailer: 1\r\n\r\n", 200, "PUT|/||5")]
    [InlineData("\r\n\r\nGET / HTTP/1.0\r\n\r\n", 200, "GET|/||0")]
    [InlineData("GET / HTTP/2.0\r\n\r\n", 400, "")]
    [InlineData("GET /\r\n\r\n", 400, "")]
    [InlineData("GET / HTTP/1.1\r\nno colon\r\n\r\n", 400, "")]
    [InlineData("GET / HTTP/1.1\r\nName : x\r\n\r\n", 400, "")]
    [InlineData("POST / HTTP/1.1\r\nContent-Length: -3\r\n\r\nabc", 400, "")]
    [InlineData("POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nabc", 400, "")]
    [InlineData("POST / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n", 413, "")]
    [InlineData("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nfffffff\r\n", 400, "")]
    [InlineData("POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", 501, "")]
    [InlineData("POST / HTTP/1.1\r\nContent-Length: 30\r\n\r\nabc", 400, "")]
    public async Task Request_AnsweredAsItIs(string sent, int status, string body)
    {
        string answer = await ExchangeAsync(Encoding.Latin1.GetBytes(sent));

        Assert.StartsWith($"HTTP/1.1 {status.ToString(CultureInfo.InvariantCulture)} ", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n" + body, answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_OneAfterTheOther_AllAnsweredInOrder()
    {
        string answer = await ExchangeAsync("GET /1 HTTP/1.1\r\n\r\nPOST /2 HTTP/1.1\r\nContent-Length: 2\r\n\r\nabGET /3 HTTP/1.1\r\nConnection: close\r\n\r\nGET /4 HTTP/1.1\r\n\r\n"u8.ToArray());

        Assert.Equal("/1 /2 /3", string.Join(' ', answer.Split("HTTP/1.1 200 OK").Skip(1).Select(part => part.Split('|')[1])));
    }

    [Fact]
    public async Task Head_Endless_EndedWithItsStatus()
    {
        string answer = await ExchangeAsync(Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\n" + new string('a', 2 * GuestHttp.LongestHead)));

        Assert.StartsWith("HTTP/1.1 431 ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Expectation_OfContinue_Met()
    {
        string answer = await ExchangeAsync("PUT / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\na"u8.ToArray());

        Assert.StartsWith("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n", answer, StringComparison.Ordinal);
    }

    private static async Task<string> ExchangeAsync(byte[] sent)
    {
        using var stream = new RecordedStream(sent);
        await GuestHttp.ServeAsync(stream, new IPEndPoint(IPAddress.Loopback, 80), new EchoService(), Token);
        return Encoding.Latin1.GetString(stream.Written.ToArray());
    }

    private sealed class EchoService : IGuestService
    {
        public GuestAnswer Answer(GuestRequest request) => GuestAnswer.Xml(
            $"{request.Method}|{request.Path}|{string.Join(',', request.Query.Select(pair => $"{pair.Key}={pair.Value}"))}|{request.Body.Length}");
    }

    /// <summary>Gives what is sent in pieces of seven bytes.</summary>
    private sealed class RecordedStream(byte[] sent) : MemoryStream(sent)
    {
        public MemoryStream Written { get; } = new();

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(7, buffer.Length)], cancellationToken);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => Written.WriteAsync(buffer, cancellationToken);

        protected override void Dispose(bool disposing)
        {
            Written.Dispose();
            base.Dispose(disposing);
        }
    }
}
