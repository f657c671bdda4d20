using System.Net;
using System.Net.NetworkInformation;
using System.Text;
using AzureVmRole.Fabric.Guests;
using AzureVmRole.Fabric.Guests.Http;

namespace AzureVmRole.Fabric.Tests.Guests;

/// <summary>A guest as the tests know it, and its requests.</summary>
internal static class TestGuest
{
    public const string InstanceId = "6e6a2b1c-5d0f-4c5e-9a55-0f3b4d5e6f70";
    public const string ContainerId = "0b8e9a10-3c2d-4b7e-8f11-22a7c5b0d9e1";
    public const string Key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE1Qe3bQ9k7Y4s0m8mJ0oB4eD5o3Qh1m0m3n2b1c0d9e tester@here";

    public static GuestIdentity Linux { get; } = new()
    {
        InstanceId = InstanceId,
        ContainerId = ContainerId,
        Name = "web1",
        ComputerName = "web-one",
        OSType = "Linux",
        SubscriptionId = TestParts.SubscriptionId,
        ResourceGroupName = "g",
        Location = "local1",
        Size = "Standard_B1s",
        AdminUserName = "ada",
        AdminPassword = "p<w&d \"ü",
        Keys = [new GuestKey("/home/ada/.ssh/authorized_keys", Key)],
        CustomData = Encoding.UTF8.GetBytes("#cloud-config\nruncmd: [true]\n"),
        UserData = "dXNlciBkYXRh",
        DataDisks = [new GuestDiskIdentity(3, "data", "/subscriptions/s/d", 5, "ReadOnly")],
        Tags = new Dictionary<string, string>(StringComparer.Ordinal) { ["a"] = "1", ["b"] = "2" },
        Address = IPAddress.Parse("10.0.0.4"),
        Gateway = IPAddress.Parse("10.0.0.1"),
        Adapter = PhysicalAddress.Parse("000D3A112233"),
    };

    public static GuestIdentity Windows { get; } = Linux with { OSType = "Windows", Keys = [] };

    /// <summary>A request to the wire server, the host plug-in (port 32526) or the metadata service, from an address as a client would write it.</summary>
    public static GuestRequest Get(string address, params (string Name, string Value)[] headers) => Send("GET", address, "", headers);

    public static GuestRequest Send(string method, string address, string body, params (string Name, string Value)[] headers)
    {
        var uri = new Uri(address);
        var query = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (string parameter in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = parameter.Split('=', 2);
            query[Uri.UnescapeDataString(parts[0])] = parts.Length == 2 ? Uri.UnescapeDataString(parts[1]) : "";
        }

        return new GuestRequest(
            new IPEndPoint(IPAddress.Parse(uri.Host), uri.Port), method, Uri.UnescapeDataString(uri.AbsolutePath), query,
            headers.ToDictionary(header => header.Name, header => header.Value, StringComparer.OrdinalIgnoreCase), Encoding.UTF8.GetBytes(body));
    }

    public static string Text(this GuestAnswer answer) => Encoding.UTF8.GetString(answer.Body.Span);
}
