using System.Net;

namespace AzureVmRole.Fabric.Guests.Network;

/// <summary>The ends of a connection.</summary>
/// <param name="Host">The address outside the guest.</param>
/// <param name="HostPort">Its port.</param>
/// <param name="GuestPort">The guest's port.</param>
internal readonly record struct TcpRoute(IPAddress Host, int HostPort, int GuestPort);
