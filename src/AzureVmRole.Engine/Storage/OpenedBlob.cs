namespace AzureVmRole.Engine.Storage;

/// <summary>What an address names: a store, and a container or a blob in it. Disposing it closes the store.</summary>
/// <param name="Store">The store, opened for this address alone.</param>
/// <param name="Container">The container; null when the address names the store.</param>
/// <param name="Name">The blob's name; null when the address names the container or the store.</param>
/// <param name="Snapshot">The snapshot's id; null for the blob itself.</param>
public sealed record OpenedBlob(IBlobStore Store, string? Container, string? Name, string? Snapshot) : IAsyncDisposable
{
    /// <summary>The blob that the address names.</summary>
    /// <exception cref="TransferException">AddressInvalid: the address names none.</exception>
    public BlobName RequireBlob() => Container is not null && Name is not null
        ? new BlobName(Container, Name)
        : throw BlobAddress.Invalid(
            Container ?? Store.Root.AbsoluteUri, "it names no blob", "Write the container and the blob's name, such as vhds/base.vhd.");

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Store.DisposeAsync();
}
