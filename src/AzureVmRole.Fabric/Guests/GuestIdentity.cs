using System.Net;
using System.Net.NetworkInformation;

namespace AzureVmRole.Fabric.Guests;

/// <summary>What every service that a guest meets says about it: network, wire server, metadata service and provisioning media agree.</summary>
internal sealed record GuestIdentity
{
    /// <summary>The instance, a GUID in text form (<c>vmId</c>).</summary>
    public required string InstanceId { get; init; }

    /// <summary>The container that it runs in, a GUID in text form: another one after each move to a host.</summary>
    public required string ContainerId { get; init; }

    /// <summary>The name of the virtual machine.</summary>
    public required string Name { get; init; }

    /// <summary>The host name that the guest gets.</summary>
    public required string ComputerName { get; init; }

    /// <summary><c>Linux</c> or <c>Windows</c>.</summary>
    public required string OSType { get; init; }

    public required string SubscriptionId { get; init; }

    public required string ResourceGroupName { get; init; }

    public required string Location { get; init; }

    /// <summary>The size of the virtual machine.</summary>
    public required string Size { get; init; }

    /// <summary>The account that is made; null for none.</summary>
    public string? AdminUserName { get; init; }

    /// <summary>Its password; null for none. Gone when the guest is provisioned.</summary>
    public string? AdminPassword { get; init; }

    /// <summary>Whether SSH takes keys only.</summary>
    public bool IsPasswordDisabled { get; init; }

    /// <summary>Public keys and where the guest puts them.</summary>
    public IReadOnlyList<GuestKey> Keys { get; init; } = [];

    /// <summary>What the caller gave to be run or read at the first boot; null for nothing. Gone when the guest is provisioned.</summary>
    public ReadOnlyMemory<byte>? CustomData { get; init; }

    /// <summary>Base64 text that the metadata service shows; null for none.</summary>
    public string? UserData { get; init; }

    /// <summary>The data disks, for the metadata service.</summary>
    public IReadOnlyList<GuestDiskIdentity> DataDisks { get; init; } = [];

    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The address that DHCP gives.</summary>
    public required IPAddress Address { get; init; }

    /// <summary>The prefix length of its network.</summary>
    public int PrefixLength { get; init; } = 24;

    public required IPAddress Gateway { get; init; }

    /// <summary>The guest's network adapter.</summary>
    public required PhysicalAddress Adapter { get; init; }
}
