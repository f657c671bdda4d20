using System.Net;

namespace AzureVmRole.Fabric.Guests.Network;

/// <summary>The addresses that every guest in Azure knows.</summary>
internal static class WellKnown
{
    /// <summary>The wire server and the host plug-in, name server, DHCP server.</summary>
    public static readonly IPAddress WireServer = new([168, 63, 129, 16]);

    /// <summary>The metadata service.</summary>
    public static readonly IPAddress Metadata = new([169, 254, 169, 254]);

    /// <summary>The port of the host plug-in.</summary>
    public const int HostPluginPort = 32526;
}
