using System.Net;
using System.Text.Json.Nodes;
using AzureVmRole.Fabric.Guests;
using AzureVmRole.Fabric.Guests.Http;
using AzureVmRole.Fabric.Guests.Metadata;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Fabric.Tests.Guests.Metadata;

public sealed class MetadataServiceTests
{
    private readonly List<GuestSignal> _signals = [];
    private readonly MetadataService _service;

    public MetadataServiceTests() => _service = new MetadataService(TestGuest.Linux, new ManualTimeProvider(), _signals.Add);

    [Fact]
    public void Answer_Instance_IsWhatCloudInitReads()
    {
        JsonNode document = JsonNode.Parse(Get("instance?api-version=2021-08-01&extended=true").Text())!;

        JsonNode compute = document["compute"]!;
        Assert.Equal(TestGuest.Key, compute["publicKeys"]?[0]?["keyData"]?.GetValue<string>());
        Assert.Equal(("ada", "web-one", "false"), (
            compute["osProfile"]?["adminUsername"]?.GetValue<string>(), compute["osProfile"]?["computerName"]?.GetValue<string>(),
            compute["osProfile"]?["disablePasswordAuthentication"]?.GetValue<string>()));
        Assert.Equal((true, "None"), (document["extended"]?["compute"]?["hasCustomData"]?.GetValue<bool>(), document["extended"]?["compute"]?["ppsType"]?.GetValue<string>()));
        JsonNode nic = document["network"]!["interface"]![0]!;
        Assert.Equal(("000D3A112233", "10.0.0.4", "10.0.0.0", "24"), (
            nic["macAddress"]?.GetValue<string>(), nic["ipv4"]?["ipAddress"]?[0]?["privateIpAddress"]?.GetValue<string>(),
            nic["ipv4"]?["subnet"]?[0]?["address"]?.GetValue<string>(), nic["ipv4"]?["subnet"]?[0]?["prefix"]?.GetValue<string>()));
        Assert.Equal(GuestSignalKind.MetadataRead, Assert.Single(_signals).Kind);
    }

    [Theory]
    [InlineData("instance/compute/vmId", TestGuest.InstanceId)]
    [InlineData("instance/COMPUTE/vmid/", TestGuest.InstanceId)]
    [InlineData("instance/compute/tags", "a:1;b:2")]
    [InlineData("instance/compute/userData", "dXNlciBkYXRh")]
    [InlineData("instance/compute/resourceId", $"/subscriptions/{TestParts.SubscriptionId}/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/web1")]
    [InlineData("instance/compute/storageProfile/dataDisks/0/lun", "3")]
    [InlineData("instance/network/interface/0/ipv4/ipAddress/0/privateIpAddress", "10.0.0.4")]
    [InlineData("instance/network/interface/0", "ipv4/\nipv6/\nmacAddress")]
    [InlineData("instance/network/interface", "0/")]
    public void Answer_Text_IsTheLeafOrTheNamesBelow(string path, string text) =>
        Assert.Equal((HttpStatusCode.OK, text), (Get($"{path}?api-version=2021-12-13&format=text").Status, Get($"{path}?api-version=2021-12-13&format=text").Text()));

    [Theory]
    [InlineData("instance", HttpStatusCode.BadRequest)]
    [InlineData("instance?api-version=1999-01-01", HttpStatusCode.BadRequest)]
    [InlineData("instance/compute/vmId?api-version=2021-02-01", HttpStatusCode.BadRequest)]
    [InlineData("instance?api-version=2021-02-01&format=xml", HttpStatusCode.BadRequest)]
    [InlineData("instance/compute/none?api-version=2021-02-01", HttpStatusCode.NotFound)]
    [InlineData("instance/network/interface/7?api-version=2021-02-01", HttpStatusCode.NotFound)]
    [InlineData("instance/network/interface/-1?api-version=2021-02-01", HttpStatusCode.NotFound)]
    [InlineData("instance/compute/vmId/deeper?api-version=2021-02-01", HttpStatusCode.NotFound)]
    [InlineData("attested/document?api-version=2021-02-01", HttpStatusCode.NotFound)]
    [InlineData("identity/oauth2/token?api-version=2021-02-01", HttpStatusCode.NotFound)]
    [InlineData("", HttpStatusCode.NotFound)]
    public void Answer_Refusals_HaveAnError(string path, HttpStatusCode status)
    {
        GuestAnswer answer = Get(path);

        Assert.Equal(status, answer.Status);
        Assert.NotEmpty(JsonNode.Parse(answer.Text())?["error"]?.GetValue<string>() ?? "");
    }

    [Fact]
    public void Answer_NoVersion_NamesTheNewest()
    {
        JsonNode error = JsonNode.Parse(Get("instance").Text())!;

        Assert.Equal("2023-07-01", error["newest-versions"]?[0]?.GetValue<string>());
        Assert.Empty(_signals);
    }

    [Fact]
    public void Answer_HeaderMissingOrForwarded_Is400()
    {
        const string Address = "http://169.254.169.254/metadata/instance?api-version=2021-02-01";

        Assert.Equal(HttpStatusCode.BadRequest, _service.Answer(TestGuest.Get(Address)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, _service.Answer(TestGuest.Get(Address, ("Metadata", "false"))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, _service.Answer(TestGuest.Get(Address, ("Metadata", "true"), ("X-Forwarded-For", "10.0.0.9"))).Status);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, _service.Answer(TestGuest.Send("POST", Address, "", ("Metadata", "true"))).Status);
        Assert.Empty(_signals);
    }

    [Fact]
    public void Answer_OldVersion_HasOldMembersOnly()
    {
        JsonObject compute = JsonNode.Parse(Get("instance/compute?api-version=2018-02-01").Text())!.AsObject();

        Assert.True(compute.ContainsKey("vmId"));
        Assert.False(compute.ContainsKey("publicKeys"));
        Assert.False(compute.ContainsKey("osProfile"));
    }

    [Fact]
    public void Answer_Versions_AreInOrder()
    {
        string[] versions = [.. JsonNode.Parse(Get("versions").Text())!["apiVersions"]!.AsArray().Select(version => version!.GetValue<string>())];

        Assert.Equal(string.Join(' ', versions.Order(StringComparer.Ordinal)), string.Join(' ', versions));
        Assert.Contains("2021-08-01", versions, StringComparer.Ordinal);
    }

    [Fact]
    public void Identity_Changed_IsShown()
    {
        _service.Identity = TestGuest.Linux with { DataDisks = [], CustomData = null };

        JsonNode document = JsonNode.Parse(Get("instance?api-version=2021-08-01&extended=true").Text())!;
        Assert.Empty(document["compute"]!["storageProfile"]!["dataDisks"]!.AsArray());
        Assert.False(document["extended"]!["compute"]!["hasCustomData"]!.GetValue<bool>());
    }

    private GuestAnswer Get(string path) => _service.Answer(TestGuest.Get($"http://169.254.169.254/metadata/{path}", ("Metadata", "true")));
}
