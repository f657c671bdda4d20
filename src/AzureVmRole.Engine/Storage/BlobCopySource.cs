namespace AzureVmRole.Engine.Storage;

/// <summary>Where a server-side copy reads from.</summary>
/// <param name="Uri">The blob's address. Where the target's service is to read it, it carries its own signature: never show it.</param>
/// <param name="Name">The blob in the same store; null for another account.</param>
/// <param name="Snapshot">The snapshot to read; null for the blob itself.</param>
/// <param name="IfMatch">The ETag that the source still has to have; null for any.</param>
public sealed record BlobCopySource(Uri Uri, BlobName? Name = null, string? Snapshot = null, string? IfMatch = null);
