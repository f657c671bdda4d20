namespace AzureVmRole.Engine.Storage;

/// <summary>A blob within a store. Written <c>container/name</c>; names may hold slashes and are case-sensitive.</summary>
/// <param name="Container">The container.</param>
/// <param name="Name">The blob's name in it.</param>
public readonly record struct BlobName(string Container, string Name)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Container}/{Name}";
}
