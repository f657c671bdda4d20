namespace AzureVmRole.Fabric.Proofs;

/// <summary>Something that happened in a proof.</summary>
/// <param name="After">The time since the start.</param>
/// <param name="Boot">In which boot of the guest, from 1.</param>
/// <param name="What">What, in words.</param>
public sealed record ImageProofStep(TimeSpan After, int Boot, string What);
