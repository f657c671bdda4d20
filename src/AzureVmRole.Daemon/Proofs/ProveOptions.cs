using AzureVmRole.Fabric.Proofs;

namespace AzureVmRole.Daemon.Proofs;

/// <summary>What <c>prove</c> is started with.</summary>
/// <param name="Proof">What is to be proven.</param>
/// <param name="SlotFolder">Where running proofs are noted; null for the account's own place.</param>
internal sealed record ProveOptions(ImageProofOptions Proof, string? SlotFolder);
