namespace AzureVmRole.Fabric.Hosts;

/// <summary>What a host knows of a guest.</summary>
/// <param name="Boot">The boot that the report is about.</param>
/// <param name="Power">Whether it runs.</param>
/// <param name="Provisioning">How far its agent is.</param>
/// <param name="Message">In words, for people: why it is where it is; null for nothing to say.</param>
/// <param name="AgentVersion">The version that the agent gave; null when none has answered.</param>
/// <param name="Luns">The data disks that the guest has.</param>
/// <param name="Since">When the report became what it is.</param>
/// <param name="Access">How people get at it; null where nothing runs.</param>
public sealed record GuestReport(
    long Boot, GuestPower Power, GuestProvisioning Provisioning, string? Message, string? AgentVersion, IReadOnlyList<int> Luns,
    DateTimeOffset Since, GuestAccess? Access = null);
