using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace AzureVmRole.Daemon.Tests.Http;

/// <summary>Who gets in, and what becomes of requests that nobody should send.</summary>
public sealed class AdmissionTests
{
    private const int MutatedRequests = 10_000;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory(Timeout = 60_000)]
    [InlineData(null)]
    [InlineData("Bearer wrong")]
    [InlineData("Bearer ")]
    [InlineData("Basic dXNlcjpwYXNz")]
    public async Task Send_WithoutTheToken_IsRefusedInArmShape(string? authorization)
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Stop);
        using HttpClient client = daemon.NewClient();
        foreach (string path in new[] { "/subscriptions?api-version=1", "/fabric/health", "/fabric/stop", "/no/such/path" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            if (authorization is not null)
            {
                request.Headers.TryAddWithoutValidation("Authorization", authorization);
            }

            using HttpResponseMessage response = await client.SendAsync(request, Stop);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.StartsWith("Bearer", response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
            Assert.Contains("AuthenticationFailed", await response.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        }
    }

    [Theory(Timeout = 60_000)]
    [InlineData("example.com", HttpStatusCode.BadRequest)]
    [InlineData("localhost.example.com:443", HttpStatusCode.BadRequest)]
    [InlineData("127.0.0.2", HttpStatusCode.BadRequest)]
    [InlineData("localhost", HttpStatusCode.OK)]
    [InlineData("[::1]:1", HttpStatusCode.OK)]
    public async Task Send_OtherHost_IsRefused(string host, HttpStatusCode expected)
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Stop);
        RunningDaemon.Answer answer = await daemon.SendAsync(Stop, "GET", "/subscriptions", null, ("Host", host));
        Assert.Equal(expected, answer.Status);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("PUT", "{", "InvalidRequestContent", "Line 1, position 2")]
    [InlineData("PUT", "{\n \"a\": 1,\n \"a\": 2}", "InvalidRequestContent", "Line 3")]
    [InlineData("PUT", "[]", "InvalidRequestContent", "line 1")]
    [InlineData("PUT", "", "InvalidRequestContent", "empty")]
    [InlineData("PUT", "{\"location\": \"\\ud800\"}", "InvalidRequestContent", "Line 1, position 14")]
    [InlineData("PUT", "{} {}", "InvalidRequestContent", "Line 1")]
    [InlineData("PATCH", "null", "InvalidRequestContent", "line 1")]
    public async Task Send_MalformedBody_IsRefusedByPlace(string method, string body, string code, string place)
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Stop);
        RunningDaemon.Answer answer = await daemon.SendAsync(Stop, method, $"{daemon.Subscription}/resourcegroups/one", body);
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(code, answer.Code);
        Assert.Contains(place, answer.Body["error"]!["message"]!.ToString(), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Send_DeepOrLargeBody_IsRefused()
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Stop);
        string path = $"{daemon.Subscription}/resourcegroups/one";
        string deep = $"{{\"location\":\"local1\",\"x\":{new string('[', 64)}{new string(']', 64)}}}";
        string large = $"{{\"location\":\"{new string('x', 4 << 20)}\"}}";
        Assert.Equal((HttpStatusCode.BadRequest, "InvalidRequestContent"), Of(await daemon.SendAsync(Stop, "PUT", path, deep)));
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "RequestContentTooLarge"), Of(await daemon.SendAsync(Stop, "PUT", path, large)));
        Assert.Equal(HttpStatusCode.NotFound, (await daemon.SendAsync(Stop, "GET", path)).Status);
    }

    [Fact(Timeout = 60_000)]
    public async Task Send_ChunkedLargeBody_IsRefused()
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Stop);
        using var content = new StreamContent(new MemoryStream(new byte[(4 << 20) + 1]));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var request = new HttpRequestMessage(HttpMethod.Put, $"{daemon.Subscription}/resourcegroups/one?api-version=1") { Content = content };
        request.Headers.TransferEncodingChunked = true;
        using HttpResponseMessage response = await daemon.Client.SendAsync(request, Stop);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact(Timeout = 60_000)]
    public async Task Send_MoreThanTheRate_IsToldWhenToComeAgain()
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Stop, options => options with { RequestBurst = 2, RequestsPerSecond = 1, RefusalsPerSecond = 1 });
        var answers = new List<RunningDaemon.Answer>();
        for (int count = 0; count < 20; count++)
        {
            answers.Add(await daemon.SendAsync(Stop, "GET", "/subscriptions"));
        }

        RunningDaemon.Answer refused = answers.Find(answer => answer.Status == HttpStatusCode.TooManyRequests)!;
        Assert.Equal("TooManyRequests", refused.Code);
        Assert.Equal("1", refused.Headers["Retry-After"]);
        Assert.Equal(HttpStatusCode.OK, answers[0].Status);
    }

    [Fact(Timeout = 300_000)]
    public async Task Send_MutatedRequests_AreAnsweredAndLeaveNothingOutside()
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Stop);
        string outside = Path.GetDirectoryName(daemon.HomePath)!;
        var mutation = new RequestMutation(20261122, daemon.Daemon.Endpoint, daemon.Subscription);
        var failures = new List<string>();
        var statuses = new SortedDictionary<int, int>();
        for (int count = 0; count < MutatedRequests; count++)
        {
            if (count % 100 == 0)
            {
                await daemon.SendAsync(Stop, "PUT", $"{daemon.Subscription}/resourceGroups/rg", "{\"location\":\"local1\"}");
            }

            using HttpRequestMessage request = mutation.Next();
            using HttpResponseMessage response = await daemon.Client.SendAsync(request, Stop);
            statuses[(int)response.StatusCode] = statuses.GetValueOrDefault((int)response.StatusCode) + 1;
            if ((int)response.StatusCode >= 500)
            {
                failures.Add($"{(int)response.StatusCode} {request.Method} {request.RequestUri} {mutation.LastBody}");
            }
        }

        Assert.Empty(failures);
        Assert.True(new[] { 200, 201, 202, 204, 400, 404, 405, 415 }.All(statuses.ContainsKey), string.Join(", ", statuses));
        Assert.Empty(Directory.EnumerateFileSystemEntries(outside, "*rdfe-escape*", new EnumerationOptions { RecurseSubdirectories = false }));
        Assert.All(Directory.EnumerateFileSystemEntries(daemon.HomePath), entry => Assert.True(Path.GetFileName(entry) is "fabric" or "store" or "instances", entry));
        Assert.Equal(HttpStatusCode.OK, (await daemon.SendAsync(Stop, "GET", "/subscriptions")).Status);
    }

    [Fact(Timeout = 60_000)]
    public async Task Send_AnyRequest_IsAuditedWithoutQueryAndSecrets()
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Stop);
        await daemon.SendAsync(Stop, "GET", "/subscriptions?sig=secret1", null, ("x-ms-client-request-id", "id \"1\""));
        await daemon.SendAsync(Stop, "PUT", $"{daemon.Subscription}/resourcegroups/one", "{\"location\":\"local1\",\"password\":\"secret2\"}");
        string[] lines = await File.ReadAllLinesAsync(daemon.FileOf("audit.log"), Encoding.UTF8, Stop);
        JsonNode first = JsonNode.Parse(lines[0])!;
        Assert.Equal(("GET", "/subscriptions", "200", "id \"1\""), (first["method"]!.ToString(), first["path"]!.ToString(), first["status"]!.ToString(), first["clientRequestId"]!.ToString()));
        Assert.DoesNotContain("secret", string.Concat(lines), StringComparison.Ordinal);
        Assert.DoesNotContain(daemon.Token, string.Concat(lines), StringComparison.Ordinal);
    }

    private static (HttpStatusCode, string?) Of(RunningDaemon.Answer answer) => (answer.Status, answer.Code);
}
