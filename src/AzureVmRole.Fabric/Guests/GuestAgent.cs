using AzureVmRole.Fabric.Guests.Http;

namespace AzureVmRole.Fabric.Guests;

/// <summary>Who sent a request, as far as it says.</summary>
/// <param name="Name"><c>cloud-init</c>, <c>WALinuxAgent</c>, <c>cloudbase-init</c>, or what else it calls itself; null when it does not say.</param>
/// <param name="Version">Null when it does not say.</param>
internal sealed record GuestAgent(string? Name, string? Version)
{
    private const int LongestName = 64;

    /// <summary>
    /// From User-Agent first, because cloud-init sends <c>x-ms-agent-name: WALinuxAgent</c> as well; then from <c>x-ms-guest-agent-name</c> (cloudbase-init) and
    /// <c>x-ms-agent-name</c>.
    /// </summary>
    public static GuestAgent Of(GuestRequest request)
    {
        if (GuestText.Clean(request.Header("User-Agent"), LongestName * 2) is { } agent && Known(agent) is { } known)
        {
            return known;
        }

        string? name = request.Header("x-ms-guest-agent-name") ?? request.Header("x-ms-agent-name");
        return new GuestAgent(GuestText.Clean(name, LongestName), GuestText.Clean(request.Header("x-ms-client-version"), LongestName));
    }

    /// <summary><c>Cloud-Init/22.4.2</c>, <c>WALinuxAgent/2.7.3.0</c>, <c>WALinuxAgent/2.7.3.0+health</c>; the names of HTTP libraries say nothing.</summary>
    private static GuestAgent? Known(string userAgent)
    {
        string product = userAgent.Split(' ', 2)[0];
        string[] parts = product.Split('/', 2);
        string? version = parts.Length == 2 ? parts[1].Split('+', 2)[0] : null;
        return parts[0].ToUpperInvariant() switch
        {
            "CLOUD-INIT" => new GuestAgent("cloud-init", version),
            "WALINUXAGENT" => new GuestAgent("WALinuxAgent", version),
            "CLOUDBASE-INIT" => new GuestAgent("cloudbase-init", version),
            _ => null,
        };
    }
}
