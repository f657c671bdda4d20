namespace AzureVmRole.Fabric.Guests.Wire;

/// <summary>What an agent put as its status; all of it the guest's own words.</summary>
/// <param name="Agent">The agent's status: <c>Ready</c>, <c>NotReady</c>.</param>
/// <param name="AgentVersion">The agent's version.</param>
/// <param name="Message">What it says beside; null for nothing.</param>
/// <param name="ComputerName">The guest's host name.</param>
/// <param name="OSName">The distribution.</param>
/// <param name="OSVersion">The distribution's version.</param>
internal sealed record GuestStatus(string? Agent, string? AgentVersion, string? Message, string? ComputerName, string? OSName, string? OSVersion);
