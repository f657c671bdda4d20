using AzureVmRole.Fabric.Guests;
using AzureVmRole.Fabric.Guests.Http;
using AzureVmRole.Fabric.Guests.Wire;
using AzureVmRole.TestKit;

namespace AzureVmRole.Fabric.Tests.Guests.Wire;

/// <summary>The wire server and the host plug-in of one guest, and what they told.</summary>
internal sealed class WireRoom
{
    public const string Wire = "http://168.63.129.16";
    public const string Plugin = "http://168.63.129.16:32526";

    public WireRoom()
    {
        State = new WireState(TestGuest.Linux, Clock, Signals.Add);
        Server = new WireServer(State);
        HostPlugin = new HostPlugin(State);
    }

    public ManualTimeProvider Clock { get; } = new();

    public List<GuestSignal> Signals { get; } = [];

    public WireState State { get; }

    public WireServer Server { get; }

    public HostPlugin HostPlugin { get; }

    /// <summary>As WALinuxAgent sends it.</summary>
    public static (string, string)[] Agent { get; } = [("x-ms-version", "2012-11-30"), ("x-ms-agent-name", "WALinuxAgent"), ("User-Agent", "WALinuxAgent/2.7.3.0")];

    public GuestAnswer Get(string address) => Server.Answer(TestGuest.Get(address, Agent));

    public GuestAnswer Post(string address, string body, params (string, string)[] headers) =>
        Server.Answer(TestGuest.Send("POST", address, body, headers.Length == 0 ? Agent : headers));

    public static string Health(string state, string details = "", string container = TestGuest.ContainerId) =>
        $"""
        <?xml version="1.0" encoding="utf-8"?>
        <Health xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
          <GoalStateIncarnation>1</GoalStateIncarnation>
          <Container><ContainerId>{container}</ContainerId><RoleInstanceList><Role><InstanceId>i</InstanceId>
            <Health><State>{state}</State>{details}</Health></Role></RoleInstanceList></Container>
        </Health>
        """;
}
