using System.Diagnostics.CodeAnalysis;

namespace AzureVmRole.Fabric.Guests.Wire;

/// <summary>What an agent reports about its role instance.</summary>
/// <param name="ContainerId">The container that it believes to be in; null when it does not say.</param>
/// <param name="IsReady">Whether it is ready.</param>
/// <param name="SubStatus"><c>Provisioning</c>, <c>ProvisioningFailed</c>; null for none.</param>
/// <param name="Description">The agent's own words; null for none.</param>
internal sealed record HealthReport(string? ContainerId, bool IsReady, string? SubStatus, string? Description)
{
    private const string Role = "Health/Container/RoleInstanceList/Role/Health";
    private const int LongestSubStatus = 64;

    /// <summary>Reads a report; false when it is none. The last role counts when there are several.</summary>
    public static bool TryParse(ReadOnlySpan<byte> body, [NotNullWhen(true)] out HealthReport? report)
    {
        report = null;
        if (!WireXml.TryRead(body, out IReadOnlyList<WireElement>? elements))
        {
            return false;
        }

        string? Text(string path) => elements.LastOrDefault(element => element.Path == path)?.Text.Trim();

        bool? isReady = Text($"{Role}/State") switch
        {
            "Ready" => true,
            "NotReady" => false,
            _ => null,
        };
        if (isReady is null)
        {
            return false;
        }

        report = new HealthReport(
            GuestText.Clean(Text("Health/Container/ContainerId"), LongestSubStatus),
            isReady.Value,
            GuestText.Clean(Text($"{Role}/Details/SubStatus"), LongestSubStatus),
            GuestText.Clean(Text($"{Role}/Details/Description")));
        return true;
    }
}
