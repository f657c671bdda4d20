namespace AzureVmRole.Fabric.Proofs;

/// <summary>What a proof has shown.</summary>
/// <param name="IsReady">Whether the guest was provisioned and its agent reported that it is ready.</param>
/// <param name="Reason">Why not, from what was seen on the console or the wire; null when it is ready.</param>
/// <param name="Agent">The agent that reported; null for none.</param>
/// <param name="AgentVersion">Its version; null when it did not say.</param>
/// <param name="Accelerator">What ran the guest: <c>tcg</c> is software emulation.</param>
/// <param name="Generation">1 for BIOS, 2 for UEFI.</param>
/// <param name="Duration">From the start to the verdict.</param>
/// <param name="Steps">What happened when, in order.</param>
public sealed record ImageProofReport(
    bool IsReady, string? Reason, string? Agent, string? AgentVersion, string Accelerator, int Generation, TimeSpan Duration, IReadOnlyList<ImageProofStep> Steps);
