namespace AzureVmRole.Fabric.Hosts;

/// <summary>How people get at a guest from this machine.</summary>
/// <param name="ConsolePath">The file with what the guest wrote to its serial console.</param>
/// <param name="ScreenPath">The file with its screen, a PNG; there once somebody asked for it, or the guest was reset.</param>
/// <param name="GuestPort">The guest's port for its administrator: 22 (SSH), for Windows 3389.</param>
/// <param name="Endpoint">Where on loopback that port is: <c>127.0.0.1:40123</c>; null when the guest does not run.</param>
public sealed record GuestAccess(string ConsolePath, string ScreenPath, int GuestPort, string? Endpoint);
