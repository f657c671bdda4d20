using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AzureVmRole.Fabric.Guests;
using AzureVmRole.Fabric.Guests.Http;
using AzureVmRole.Fabric.Guests.Metadata;
using AzureVmRole.Fabric.Tests.Guests.Wire;
using Xunit;

namespace AzureVmRole.Fabric.Tests.Guests;

/// <summary>Requests of agents with random damage: every one is answered, none with a fault, and none costs more memory than a small multiple of its size.</summary>
public sealed class GuestFuzzTests
{
    private const int UsualCount = 2000;
    private const int Seeds = 3;
    private const long MostAllocated = 4 << 20;
    private const int MostAllocatedPerByte = 64;

    private readonly WireRoom _room = new();
    private readonly string _certificate = MakeCertificate();

    private static int Count =>
        int.TryParse(Environment.GetEnvironmentVariable("AZVMROLE_FUZZ_CASES"), CultureInfo.InvariantCulture, out int total) ? (total + Seeds - 1) / Seeds : UsualCount / Seeds;

    [Fact(Timeout = 3_600_000)]
    public async Task WireServer_Damaged_IsAnswered()
    {
        string wire = $"{WireRoom.Wire}/machine/{TestGuest.ContainerId}/{Uri.EscapeDataString(_room.State.RoleInstance)}";
        await RunAsync(
            _room.Server,
            TestGuest.Get($"{WireRoom.Wire}/?comp=versions"),
            TestGuest.Get($"{WireRoom.Wire}/machine/?comp=goalstate", WireRoom.Agent),
            TestGuest.Get($"{wire}?comp=config&type=sharedConfig&incarnation=1", WireRoom.Agent),
            TestGuest.Get($"{wire}?comp=certificates&incarnation=1", [.. WireRoom.Agent, ("x-ms-guest-agent-public-x509-cert", _certificate), ("x-ms-cipher-name", "DES_EDE3_CBC")]),
            TestGuest.Send("POST", $"{WireRoom.Wire}/machine?comp=health", WireRoom.Health("Ready"), WireRoom.Agent),
            TestGuest.Send(
                "POST", $"{WireRoom.Wire}/machine?comp=health", WireRoom.Health("NotReady", "<Details><SubStatus>Provisioning</SubStatus><Description>a</Description></Details>"), WireRoom.Agent),
            TestGuest.Send(
                "POST", $"{WireRoom.Wire}/machine?comp=roleProperties",
                "<RoleProperties><Container><RoleInstances><RoleInstance><Properties><Property name=\"a\" value=\"b\"/></Properties></RoleInstance></RoleInstances></Container></RoleProperties>",
                WireRoom.Agent));
        Assert.InRange(_room.State.Properties.Count, 0, 16);
    }

    [Fact(Timeout = 3_600_000)]
    public async Task HostPlugin_Damaged_IsAnswered()
    {
        string status = Convert.ToBase64String(
            """{"aggregateStatus":{"guestAgentStatus":{"version":"2","status":"Ready","formattedMessage":{"message":"m"}}},"guestOSInfo":{"osName":"debian"}}"""u8);
        await RunAsync(
            _room.HostPlugin,
            TestGuest.Get($"{WireRoom.Plugin}/versions"),
            TestGuest.Get($"{WireRoom.Plugin}/vmSettings", ("x-ms-version", "2015-09-01"), ("x-ms-containerid", TestGuest.ContainerId), ("if-none-match", "a")),
            TestGuest.Send("PUT", $"{WireRoom.Plugin}/status", $$"""{"requestUri":"https://a","headers":[{"headerName":"a"}],"content":"{{status}}"}""", ("User-Agent", "WALinuxAgent/2.7.3.0")),
            TestGuest.Send("PUT", $"{WireRoom.Plugin}/vmAgentLog", "zip"));
    }

    [Fact(Timeout = 3_600_000)]
    public async Task MetadataService_Damaged_IsAnswered() => await RunAsync(
        new MetadataService(TestGuest.Linux, _room.Clock, _room.Signals.Add),
        TestGuest.Get("http://169.254.169.254/metadata/instance?api-version=2021-08-01&extended=true", ("Metadata", "true")),
        TestGuest.Get("http://169.254.169.254/metadata/instance/network/interface/0/ipv4/ipAddress/0/privateIpAddress?api-version=2021-02-01&format=text", ("Metadata", "true")),
        TestGuest.Get("http://169.254.169.254/metadata/versions", ("Metadata", "true")));

    private static string MakeCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=a", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        return Convert.ToBase64String(certificate.RawData);
    }

    private async Task RunAsync(IGuestService service, params GuestRequest[] seeds)
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        foreach (GuestRequest seed in seeds)
        {
            Assert.InRange((int)service.Answer(seed).Status, 200, 299);
        }

        _room.Signals.Clear();
        await Task.Run(
            () =>
            {
                var random = new Random(20300101);
                int refused = 0;
                for (int index = 0; index < Count; index++)
                {
                    token.ThrowIfCancellationRequested();
                    GuestRequest request = GuestRequestDamage.Damage(seeds[random.Next(seeds.Length)], seeds, random);
                    refused += AnswerOne(service, request, index) ? 0 : 1;
                }

                TestContext.Current.TestOutputHelper?.WriteLine($"{Count} cases, {refused} refused, {_room.Signals.Count} signals.");

                // Damage that is never refused, or always, tests nothing.
                Assert.InRange(refused, Count / 20, Count - (Count / 20));
            },
            token);
    }

    private bool AnswerOne(IGuestService service, GuestRequest request, int index)
    {
        int signals = _room.Signals.Count;
        long before = GC.GetAllocatedBytesForCurrentThread();
        GuestAnswer answer;
        try
        {
            answer = service.Answer(request);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            Assert.Fail($"Case {index}: {request.Method} {request.Path} with {request.Body.Length} bytes: {exception}");
            return false;
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        int size = request.Body.Length + request.Path.Length + request.Headers.Sum(header => header.Value.Length) + request.Query.Sum(parameter => parameter.Value.Length);
        Assert.True(allocated <= MostAllocated + (MostAllocatedPerByte * (long)size), $"Case {index}: {allocated} bytes for a request of {size}.");
        Assert.InRange((int)answer.Status, 200, 499);
        foreach (GuestSignal signal in _room.Signals.Skip(signals))
        {
            Assert.InRange((signal.Description ?? "").Length + (signal.SubStatus ?? "").Length + (signal.Agent ?? "").Length, 0, 5000);
            Assert.DoesNotContain('\u001b', signal.Description ?? "");
        }

        return answer.Status is HttpStatusCode.OK or HttpStatusCode.Accepted or HttpStatusCode.NotModified;
    }
}
