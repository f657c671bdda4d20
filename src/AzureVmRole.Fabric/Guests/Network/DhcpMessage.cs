namespace AzureVmRole.Fabric.Guests.Network;

/// <summary>Kinds of DHCP messages (RFC 2132 section 9.6).</summary>
internal enum DhcpMessage : byte
{
    Discover = 1,
    Offer = 2,
    Request = 3,
    Acknowledge = 5,
    Refuse = 6,
    Inform = 8,
}
