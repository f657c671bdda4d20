namespace AzureVmRole.Fabric.Guests.Beats;

/// <summary>What all that is known of a guest means at one moment.</summary>
/// <param name="Phase">How far it is.</param>
/// <param name="Message">Why, in the agent's own words where it has some; null when there is nothing to say.</param>
/// <param name="IsResetDue">Whether it is to be reset now, because it has been silent for too long.</param>
/// <param name="IsFinal">Whether nothing that is still expected would change the phase: a proof can end.</param>
/// <param name="LookAgainAt">When time alone would change this; null for never.</param>
internal sealed record BeatVerdict(GuestPhase Phase, string? Message, bool IsResetDue, bool IsFinal, DateTimeOffset? LookAgainAt);
