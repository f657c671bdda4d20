using AzureVmRole.Fabric.Guests;
using AzureVmRole.Fabric.Guests.Media;

namespace AzureVmRole.Fabric.Hosts;

/// <summary>What a guest is to become when it is provisioned, without secrets.</summary>
/// <param name="ComputerName">Its host name.</param>
/// <param name="AdminUserName">The account that is made; null for none.</param>
/// <param name="IsPasswordDisabled">Whether SSH takes keys only.</param>
/// <param name="Keys">Public keys, and where the guest puts them.</param>
/// <param name="Listeners">Where Windows is to listen for remote management.</param>
public sealed record GuestOSProfile(
    string ComputerName, string? AdminUserName, bool IsPasswordDisabled, IReadOnlyList<GuestKey> Keys, IReadOnlyList<WinRMListener> Listeners);
