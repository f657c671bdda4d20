using System.Net;
using System.Text.Json.Nodes;
using AzureVmRole.Fabric.Operations;
using AzureVmRole.Fabric.Resources;
using Xunit;

namespace AzureVmRole.Daemon.Tests.Arm;

/// <summary>The rules that four clients were measured to rely on, over real HTTPS.</summary>
public sealed class DialectTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory(Timeout = 60_000)]
    [InlineData("virtualMachines", "new", false, HttpStatusCode.Created)]
    [InlineData("virtualMachines", "old", false, HttpStatusCode.OK)]
    [InlineData("images", "new", false, HttpStatusCode.Created)]
    [InlineData("disks", "new", false, HttpStatusCode.Accepted)]
    [InlineData("disks", "old", false, HttpStatusCode.Accepted)]
    [InlineData("snapshots", "new", false, HttpStatusCode.Accepted)]
    [InlineData("disks", "new", true, HttpStatusCode.OK)]
    [InlineData("virtualMachines", "new", true, HttpStatusCode.Created)]
    public async Task Put_OfAType_HasItsStatusAndHeader(string type, string name, bool isDone, HttpStatusCode expected)
    {
        var requests = new DoubleRequests(ResourceType.Find("Microsoft.Compute", type)!) { IsImmediate = isDone };
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Stop, door: requests.Door);
        RunningDaemon.Answer answer = await daemon.SendAsync(Stop, "PUT", Of(daemon, type, name), "{}");
        Assert.Equal(expected, answer.Status);
        Assert.Equal("\"7\"", answer.Headers["ETag"]);
        Assert.Equal(!isDone, answer.Headers.ContainsKey("Azure-AsyncOperation"));
        Assert.Equal(!isDone, answer.Headers.ContainsKey("Retry-After"));
        Assert.False(answer.Headers.ContainsKey("Location"));
    }

    [Fact(Timeout = 60_000)]
    public async Task Post_ThatGoesOn_HasBothAddressesAndItsResultAtTheEnd()
    {
        var requests = new DoubleRequests(ResourceType.VirtualMachines);
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Stop, options => options with { LongestHold = TimeSpan.FromMilliseconds(50) }, requests.Door);
        RunningDaemon.Answer begun = await daemon.SendAsync(Stop, "POST", Of(daemon, "virtualmachines", "vm") + "/CAPTURE", "{}");
        Assert.Equal(HttpStatusCode.Accepted, begun.Status);
        string status = begun.Headers["Azure-AsyncOperation"];
        string location = begun.Headers["Location"];
        Assert.StartsWith($"{daemon.Daemon.Endpoint}subscriptions/", status, StringComparison.Ordinal);
        Assert.Contains("/locations/local2/operations/", location, StringComparison.Ordinal);

        RunningDaemon.Answer running = await daemon.SendAsync(Stop, "GET", status);
        Assert.Equal((HttpStatusCode.OK, "InProgress", "1"), (running.Status, running.Body["status"]!.ToString(), running.Headers["Retry-After"]));
        Assert.Equal(HttpStatusCode.Accepted, (await daemon.SendAsync(Stop, "GET", location)).Status);

        requests.End(OperationStatus.Succeeded, new JsonObject { ["made"] = "image" });
        RunningDaemon.Answer ended = await daemon.SendAsync(Stop, "GET", status);
        Assert.Equal("Succeeded", ended.Body["status"]!.ToString());
        Assert.NotNull(ended.Body["endTime"]);
        RunningDaemon.Answer result = await daemon.SendAsync(Stop, "GET", location);
        Assert.Equal((HttpStatusCode.OK, "image"), (result.Status, result.Body["made"]?.ToString()));
    }

    [Fact(Timeout = 60_000)]
    public async Task Patch_IsHeldUntilItsEnd()
    {
        var requests = new DoubleRequests(ResourceType.VirtualMachines);
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Stop, options => options with { LongestHold = TimeSpan.FromMilliseconds(20) }, requests.Door);
        Task<RunningDaemon.Answer> patch = daemon.SendAsync(Stop, "PATCH", Of(daemon, "virtualMachines", "vm"), "{}");
        while (requests.Contexts.IsEmpty)
        {
            await Task.Yield();
        }

        Assert.False(patch.IsCompleted);
        requests.End(OperationStatus.Failed);
        RunningDaemon.Answer answer = await patch;
        Assert.Equal((HttpStatusCode.Conflict, "AllocationFailed"), (answer.Status, answer.Code));
    }

    [Fact(Timeout = 60_000)]
    public async Task Delete_IsAcceptedOrNothing()
    {
        var requests = new DoubleRequests(ResourceType.Disks);
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Stop, door: requests.Door);
        RunningDaemon.Answer begun = await daemon.SendAsync(Stop, "DELETE", Of(daemon, "disks", "one"));
        Assert.Equal(HttpStatusCode.Accepted, begun.Status);
        Assert.True(begun.Headers.ContainsKey("Location") && begun.Headers.ContainsKey("Azure-AsyncOperation"));
        Assert.Equal(HttpStatusCode.NoContent, (await daemon.SendAsync(Stop, "DELETE", Of(daemon, "disks", "missing"))).Status);

        requests.End(OperationStatus.Failed);
        RunningDaemon.Answer status = await daemon.SendAsync(Stop, "GET", begun.Headers["Azure-AsyncOperation"]);
        Assert.Equal(("Failed", "AllocationFailed"), (status.Body["status"]!.ToString(), status.Body["error"]!["code"]!.ToString()));
        Assert.Equal("AllocationFailed", (await daemon.SendAsync(Stop, "GET", begun.Headers["Location"])).Code);
    }

    [Fact(Timeout = 60_000)]
    public async Task List_WithTop_LeadsThroughAllPages()
    {
        var requests = new DoubleRequests(ResourceType.Images);
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Stop, door: requests.Door);
        var names = new List<string>();
        string? next = $"{daemon.Subscription}/providers/Microsoft.Compute/images?$top=2&api-version=1";
        while (next is not null)
        {
            RunningDaemon.Answer page = await daemon.SendAsync(Stop, "GET", next);
            names.AddRange(page.Body["value"]!.AsArray().Select(item => item!["name"]!.ToString()));
            next = page.Body["nextLink"]?.ToString();
            Assert.True(next?.StartsWith(daemon.Daemon.Endpoint.AbsoluteUri, StringComparison.Ordinal) ?? true);
        }

        Assert.Equal("n0 n1 n2 n3 n4", string.Join(' ', names));
        Assert.Equal(HttpStatusCode.BadRequest, (await daemon.SendAsync(Stop, "GET", $"{daemon.Subscription}/providers/Microsoft.Compute/images?$top=0")).Status);
    }

    [Fact(Timeout = 60_000)]
    public async Task Get_FabricThrows_SaysOnlyAnIdThatIsInTheLog()
    {
        var requests = new DoubleRequests(ResourceType.Images) { Failure = new InvalidOperationException("inner secret") };
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Stop, door: requests.Door);
        RunningDaemon.Answer answer = await daemon.SendAsync(Stop, "GET", Of(daemon, "images", "one"));
        Assert.Equal((HttpStatusCode.InternalServerError, "InternalServerError"), (answer.Status, answer.Code));
        Assert.DoesNotContain("inner secret", answer.Body.ToJsonString(), StringComparison.Ordinal);
        string log = await File.ReadAllTextAsync(daemon.FileOf("daemon.log"), Stop);
        Assert.Contains(answer.Headers["x-ms-request-id"], log, StringComparison.Ordinal);
        Assert.Contains("inner secret", log, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Send_UnknownThings_AreNamedAsAzureDoes()
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Stop, door: new DoubleRequests(ResourceType.VirtualMachines).Door);
        string group = $"{daemon.Subscription}/resourceGroups/rg/providers";
        (string Method, string Path, HttpStatusCode Status, string Code)[] cases =
        [
            ("GET", "/subscriptions?api-version=", HttpStatusCode.BadRequest, "MissingApiVersionParameter"),
            ("GET", "/subscriptions/00000000-0000-0000-0000-000000000000", HttpStatusCode.NotFound, "SubscriptionNotFound"),
            ("GET", $"{group}/Microsoft.Nothing/things/x", HttpStatusCode.NotFound, "InvalidResourceNamespace"),
            ("GET", $"{group}/Microsoft.Compute/things/x", HttpStatusCode.NotFound, "InvalidResourceType"),
            ("POST", $"{group}/Microsoft.Compute/virtualMachines/x/fly", HttpStatusCode.NotFound, "InvalidResourceType"),
            ("GET", $"{group}/Microsoft.Compute/virtualMachines/x/start", HttpStatusCode.MethodNotAllowed, "MethodNotAllowed"),
            ("PUT", $"{group}/Microsoft.Compute/virtualMachines/-x", HttpStatusCode.BadRequest, "InvalidResourceName"),
            ("GET", $"{daemon.Subscription}/providers/Microsoft.Compute/locations/mars/vmSizes", HttpStatusCode.NotFound, "NoRegisteredProviderFound"),
            ("GET", $"{daemon.Subscription}/providers/Microsoft.Compute/locations/local1/operations/x", HttpStatusCode.NotFound, "NotFound"),
            ("GET", "/nothing", HttpStatusCode.NotFound, "NotFound"),
            ("DELETE", "/subscriptions", HttpStatusCode.MethodNotAllowed, "MethodNotAllowed"),
        ];
        foreach ((string method, string path, HttpStatusCode status, string code) in cases)
        {
            RunningDaemon.Answer answer = await daemon.SendAsync(Stop, method, path, method == "PUT" ? "{}" : null);
            Assert.Equal((path, status, code), (path, answer.Status, answer.Code));
        }
    }

    private static string Of(RunningDaemon daemon, string type, string name) =>
        $"{daemon.Subscription}/resourceGroups/rg/providers/Microsoft.Compute/{type}/{name}";
}
