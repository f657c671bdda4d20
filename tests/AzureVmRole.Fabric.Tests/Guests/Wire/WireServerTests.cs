using System.Net;
using System.Xml.Linq;
using AzureVmRole.Fabric.Guests;
using AzureVmRole.Fabric.Guests.Http;
using Xunit;

namespace AzureVmRole.Fabric.Tests.Guests.Wire;

public sealed class WireServerTests
{
    private readonly WireRoom _room = new();

    [Fact]
    public void Answer_Versions_HaveBothWithoutAnyHeader()
    {
        GuestAnswer answer = _room.Server.Answer(TestGuest.Get($"{WireRoom.Wire}/?comp=Versions"));

        var versions = XDocument.Parse(answer.Text());
        Assert.Equal("2012-11-30", versions.Root?.Element("Preferred")?.Element("Version")?.Value);
        Assert.Equal("2015-04-05 2012-11-30", string.Join(' ', versions.Root!.Element("Supported")!.Elements("Version").Select(version => version.Value)));
    }

    [Theory]
    [InlineData("/machine/?comp=goalstate", "2012-11-30")]
    [InlineData("/machine?comp=goalstate", "2012-11-30")]
    [InlineData("/machine?comp=goalstate", "2015-04-05")]
    public void Answer_GoalState_HasWhatAgentsRead(string path, string version)
    {
        GuestAnswer answer = _room.Server.Answer(TestGuest.Get(WireRoom.Wire + path, ("x-ms-version", version)));

        XElement goal = XDocument.Parse(answer.Text()).Root!;
        XElement role = goal.Element("Container")!.Element("RoleInstanceList")!.Element("RoleInstance")!;
        Assert.Equal(("1", TestGuest.ContainerId, $"{TestGuest.InstanceId}._web1", "Started"), (
            goal.Element("Incarnation")?.Value, goal.Element("Container")?.Element("ContainerId")?.Value, role.Element("InstanceId")?.Value,
            goal.Element("Machine")?.Element("ExpectedState")?.Value));
        Assert.Equal(
            "HostingEnvironmentConfig SharedConfig ExtensionsConfig Certificates ConfigName",
            string.Join(' ', role.Element("Configuration")!.Elements().Select(element => element.Name.LocalName)));
        Assert.Equal(GuestSignalKind.GoalStatePolled, Assert.Single(_room.Signals).Kind);
    }

    [Theory]
    [InlineData("HostingEnvironmentConfig", "HostingEnvironmentConfig")]
    [InlineData("SharedConfig", "SharedConfig")]
    [InlineData("ExtensionsConfig", "Extensions")]
    public void Answer_AddressesOfTheGoalState_LeadSomewhere(string name, string root)
    {
        string address = Configuration().Element(name)!.Value;

        XElement document = XDocument.Parse(_room.Get(address).Text()).Root!;

        Assert.Equal((root, "1"), (document.Name.LocalName, document.Attribute("goalStateIncarnation")?.Value));
    }

    [Fact]
    public void Answer_HostingEnvironment_NamesTheMachineAndItsCertificate()
    {
        XElement document = XDocument.Parse(_room.Get(Configuration().Element("HostingEnvironmentConfig")!.Value).Text()).Root!;

        Assert.Equal(("_web1", "_web1", TestGuest.InstanceId), (
            document.Element("Incarnation")?.Attribute("instance")?.Value, document.Element("Role")?.Attribute("name")?.Value,
            document.Element("Deployment")?.Attribute("name")?.Value));
        Assert.Equal(
            $"sha1:{_room.State.Certificate.Thumbprint}", document.Element("StoredCertificates")?.Element("StoredCertificate")?.Attribute("certificateId")?.Value);
    }

    [Fact]
    public void Answer_NewIncarnation_OldAddressesAreGone()
    {
        string old = Configuration().Element("SharedConfig")!.Value;

        Assert.Equal(2, _room.State.Advance());

        Assert.Equal(HttpStatusCode.Gone, _room.Get(old).Status);
        Assert.Equal("2", XDocument.Parse(_room.Get($"{WireRoom.Wire}/machine/?comp=goalstate").Text()).Root?.Element("Incarnation")?.Value);
        Assert.Equal(HttpStatusCode.OK, _room.Get(Configuration().Element("SharedConfig")!.Value).Status);
    }

    [Fact]
    public void Answer_HealthReady_IsTold()
    {
        GuestAnswer answer = _room.Post(
            $"{WireRoom.Wire}/machine?comp=health", WireRoom.Health("Ready"), ("x-ms-version", "2012-11-30"), ("x-ms-agent-name", "WALinuxAgent"), ("User-Agent", "Cloud-Init/22.4.2"));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(new GuestSignal(GuestSignalKind.Ready, _room.Clock.GetUtcNow(), "cloud-init", "22.4.2"), Assert.Single(_room.Signals));
    }

    [Fact]
    public void Answer_HealthNotReady_IsToldInTheAgentsWords()
    {
        _room.Post(
            $"{WireRoom.Wire}/machine?comp=health",
            WireRoom.Health("NotReady", "<Details><SubStatus>ProvisioningFailed</SubStatus><Description>no &lt;disc&gt;\u009b31m here</Description></Details>"));

        Assert.Equal(
            new GuestSignal(GuestSignalKind.NotReady, _room.Clock.GetUtcNow(), "WALinuxAgent", "2.7.3.0", "ProvisioningFailed", "no <disc> 31m here"), Assert.Single(_room.Signals));
    }

    [Theory]
    [InlineData("")]
    [InlineData("no xml")]
    [InlineData("<Health></Health>")]
    [InlineData("<Health><Container><RoleInstanceList><Role><Health><State>Ready</State></Health></Role></RoleInstanceList></Container>")]
    [InlineData("<!DOCTYPE Health [<!ENTITY a \"Ready\">]><Health><Container><RoleInstanceList><Role><Health><State>&a;</State></Health></Role></RoleInstanceList></Container></Health>")]
    public void Answer_HealthMalformed_Is400AndNotTold(string body)
    {
        Assert.Equal(HttpStatusCode.BadRequest, _room.Post($"{WireRoom.Wire}/machine?comp=health", body).Status);
        Assert.Empty(_room.Signals);
    }

    [Fact]
    public void Answer_HealthTooDeepOrTooLong_Is400()
    {
        string deep = string.Concat(Enumerable.Repeat("<a>", 10_000)) + string.Concat(Enumerable.Repeat("</a>", 10_000));

        Assert.Equal(HttpStatusCode.BadRequest, _room.Post($"{WireRoom.Wire}/machine?comp=health", deep).Status);
        Assert.Equal(HttpStatusCode.BadRequest, _room.Post($"{WireRoom.Wire}/machine?comp=health", WireRoom.Health("Ready") + new string(' ', 70_000)).Status);
    }

    [Fact]
    public void Answer_HealthOfAnotherContainer_IsGone()
    {
        Assert.Equal(HttpStatusCode.Gone, _room.Post($"{WireRoom.Wire}/machine?comp=health", WireRoom.Health("Ready", container: "other")).Status);
        Assert.Empty(_room.Signals);
    }

    [Fact]
    public void Answer_RoleProperties_AreKept()
    {
        const string Body = """
            <?xml version="1.0" encoding="utf-8"?><RoleProperties><Container><ContainerId>c</ContainerId><RoleInstances><RoleInstance><Id>i</Id>
            <Properties><Property name="CertificateThumbprint" value="AB12" /></Properties></RoleInstance></RoleInstances></Container></RoleProperties>
            """;

        Assert.Equal(HttpStatusCode.Accepted, _room.Post($"{WireRoom.Wire}/machine?comp=roleProperties", Body).Status);
        Assert.Equal("AB12", _room.State.Properties["CertificateThumbprint"]);
        Assert.Equal(HttpStatusCode.BadRequest, _room.Post($"{WireRoom.Wire}/machine?comp=roleProperties", "<a/>").Status);
    }

    [Theory]
    [InlineData("POST", "/machine?comp=telemetrydata", HttpStatusCode.OK)]
    [InlineData("POST", "/HealthService", HttpStatusCode.OK)]
    [InlineData("GET", "/HealthService", HttpStatusCode.MethodNotAllowed)]
    [InlineData("PUT", "/machine?comp=health", HttpStatusCode.MethodNotAllowed)]
    [InlineData("POST", "/machine?comp=goalstate", HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "/machine?comp=other", HttpStatusCode.NotFound)]
    [InlineData("GET", "/machine/a/b/c?comp=goalstate", HttpStatusCode.NotFound)]
    [InlineData("GET", "/other", HttpStatusCode.NotFound)]
    [InlineData("GET", "/", HttpStatusCode.NotFound)]
    [InlineData("GET", "/machine/other-container?comp=config&type=sharedConfig", HttpStatusCode.Gone)]
    public void Answer_Routes(string method, string path, HttpStatusCode status) =>
        Assert.Equal(status, _room.Server.Answer(TestGuest.Send(method, WireRoom.Wire + path, "", WireRoom.Agent)).Status);

    [Theory]
    [InlineData(null, "MissingRequiredHeader")]
    [InlineData("1999-01-01", "InvalidHeaderValue")]
    public void Answer_VersionMissingOrUnknown_Is400(string? version, string code)
    {
        (string, string)[] headers = version is null ? [] : [("x-ms-version", version)];

        GuestAnswer answer = _room.Server.Answer(TestGuest.Get($"{WireRoom.Wire}/machine?comp=goalstate", headers));

        Assert.Equal((HttpStatusCode.BadRequest, code), (answer.Status, XDocument.Parse(answer.Text()).Root?.Element("Code")?.Value));
    }

    private XElement Configuration() =>
        XDocument.Parse(_room.Get($"{WireRoom.Wire}/machine/?comp=goalstate").Text()).Descendants("Configuration").Single();
}
