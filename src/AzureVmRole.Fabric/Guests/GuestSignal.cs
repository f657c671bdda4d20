namespace AzureVmRole.Fabric.Guests;

/// <summary>Something that a guest let the fabric know.</summary>
/// <param name="Kind">What.</param>
/// <param name="At">When.</param>
/// <param name="Agent">Who: <c>cloud-init</c>, <c>WALinuxAgent</c>, as far as it said; null when it did not.</param>
/// <param name="AgentVersion">Its version; null when it did not say.</param>
/// <param name="SubStatus">Of a health report that is not Ready: <c>Provisioning</c>, <c>ProvisioningFailed</c>; null else.</param>
/// <param name="Description">In the agent's own words; null for none. From the guest: shown, never interpreted.</param>
internal sealed record GuestSignal(
    GuestSignalKind Kind, DateTimeOffset At, string? Agent = null, string? AgentVersion = null, string? SubStatus = null, string? Description = null);
