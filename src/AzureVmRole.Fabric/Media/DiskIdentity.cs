namespace AzureVmRole.Fabric.Media;

/// <summary>Whose a new blob is. It is saved before the blob is made, so that what a kill leaves is known again.</summary>
/// <param name="UniqueId">The unique id that the disk's footer gets; no other disk has it.</param>
/// <param name="ContentState">What the content is, as far as it is known: <c>Generalized</c>, <c>Specialized</c>, or null.</param>
internal sealed record DiskIdentity(Guid UniqueId, string? ContentState = null);
