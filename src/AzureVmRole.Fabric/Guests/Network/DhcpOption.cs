namespace AzureVmRole.Fabric.Guests.Network;

/// <summary>Options of DHCP (RFC 2132, RFC 3442), and Azure's.</summary>
internal enum DhcpOption : byte
{
    Pad = 0,
    SubnetMask = 1,
    Router = 3,
    NameServer = 6,
    HostName = 12,
    RequestedAddress = 50,
    LeaseTime = 51,
    MessageType = 53,
    ServerIdentifier = 54,
    ClasslessRoutes = 121,

    /// <summary>Azure's: the address of the wire server.</summary>
    AzureEndpoint = 245,
    ClasslessRoutesOfWindows = 249,
    End = 255,
}
