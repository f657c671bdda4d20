using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using AzureVmRole.Fabric.Guests;
using AzureVmRole.Fabric.Guests.Http;
using AzureVmRole.Fabric.Guests.Wire;
using Xunit;

namespace AzureVmRole.Fabric.Tests.Guests.Wire;

public sealed class HostPluginTests
{
    private const string Status =
        """
        {"version":"1.1","timestampUTC":"2030-01-01T00:00:00Z","aggregateStatus":{"guestAgentStatus":{"version":"2.9.1.1","status":"Ready",
        "formattedMessage":{"lang":"en-US","message":"Guest Agent is running"}},"handlerAggregateStatus":[]},
        "guestOSInfo":{"computerName":"web-one","osName":"debian","osVersion":"12.11","version":"2.9.1.1"}}
        """;

    private readonly WireRoom _room = new();

    [Fact]
    public void Answer_VersionsAndHealth()
    {
        Assert.Equal("""["2015-09-01"]""", Send("GET", "/versions").Text());
        Assert.Equal(HttpStatusCode.OK, Send("GET", "/health").Status);
        Assert.Equal(HttpStatusCode.OK, Send("PUT", "/vmAgentLog", "zip").Status);
    }

    [Fact]
    public void Answer_Settings_ComeFromTheFabricAndAreKnownByTheirTag()
    {
        GuestAnswer first = Send("GET", "/vmSettings");
        string tag = first.Headers.Single(header => header.Key == "ETag").Value;

        JsonNode settings = JsonNode.Parse(first.Text())!;
        Assert.Equal(("Fabric", TestGuest.InstanceId, true), (
            settings["extensionGoalStatesSource"]?.GetValue<string>(), settings["inVMMetadata"]?["vmId"]?.GetValue<string>(),
            Version.Parse(settings["hostGAPluginVersion"]!.GetValue<string>()) >= new Version(1, 0, 8, 133)));
        Assert.Equal(HttpStatusCode.NotModified, Send("GET", "/vmSettings", "", ("if-none-match", tag)).Status);
        _room.State.Advance();
        Assert.Equal(HttpStatusCode.OK, Send("GET", "/vmSettings", "", ("if-none-match", tag)).Status);
    }

    [Fact]
    public void Answer_Status_IsKeptAndABeat()
    {
        GuestAnswer answer = Send("PUT", "/status", Envelope(Status), ("User-Agent", "WALinuxAgent/2.7.3.0"));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(new GuestStatus("Ready", "2.9.1.1", "Guest Agent is running", "web-one", "debian", "12.11"), _room.State.Status);
        Assert.Equal(
            new GuestSignal(GuestSignalKind.StatusPut, _room.Clock.GetUtcNow(), "WALinuxAgent", "2.9.1.1", "Ready", "Guest Agent is running"), Assert.Single(_room.Signals));
    }

    [Fact]
    public void Answer_StatusOfAPageBlobInTheMaking_IsABeatWithoutAStatus()
    {
        Assert.Equal(HttpStatusCode.OK, Send("PUT", "/status", """{"requestUri":"https://a","headers":[],"content":""}""").Status);
        Assert.Null(_room.State.Status);
        Assert.Equal(GuestSignalKind.StatusPut, Assert.Single(_room.Signals).Kind);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"content":"no base64!"}""")]
    [InlineData("""{"content":"bm8ganNvbg=="}""")]
    [InlineData("""{"content":"\ud800"}""")]
    [InlineData("""{"content":"e30="}""")]
    public void Answer_StatusMalformed_Is400(string body)
    {
        Assert.Equal(HttpStatusCode.BadRequest, Send("PUT", "/status", body).Status);
        Assert.Empty(_room.Signals);
    }

    [Theory]
    [InlineData("POST", "/status", HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "/extensionArtifact", HttpStatusCode.NotFound)]
    [InlineData("GET", "/", HttpStatusCode.NotFound)]
    public void Answer_OtherRoutes(string method, string path, HttpStatusCode status) => Assert.Equal(status, Send(method, path).Status);

    [Fact]
    public void Answer_AnotherContainer_IsGone() =>
        Assert.Equal(HttpStatusCode.Gone, Send("GET", "/vmSettings", "", ("x-ms-containerid", Guid.Empty.ToString())).Status);

    private static string Envelope(string status) =>
        $$"""{"requestUri":"https://a","headers":[{"headerName":"x-ms-version","headerValue":"2014-02-14"}],"content":"{{Convert.ToBase64String(Encoding.UTF8.GetBytes(status))}}"}""";

    private GuestAnswer Send(string method, string path, string body = "", params (string, string)[] headers) =>
        _room.HostPlugin.Answer(TestGuest.Send(method, WireRoom.Plugin + path, body, [("x-ms-version", "2015-09-01"), .. headers]));
}
