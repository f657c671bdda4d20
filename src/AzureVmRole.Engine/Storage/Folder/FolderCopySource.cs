namespace AzureVmRole.Engine.Storage.Folder;

/// <summary>The blob or snapshot that is copied, open, in this store or in another one.</summary>
/// <param name="store">The other store, which is closed with this; null for the same store.</param>
/// <param name="file">Its file.</param>
/// <param name="row">What it was when the copy began.</param>
/// <param name="check">Fails when it has changed since.</param>
internal sealed class FolderCopySource(FolderBlobStore? store, FolderFile file, FolderRow row, Action check) : IAsyncDisposable
{
    public FolderFile File { get; } = file;

    public FolderRow Row { get; } = row;

    public void CheckUnchanged() => check();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        File.Dispose();
        if (store is not null)
        {
            await store.DisposeAsync().ConfigureAwait(false);
        }
    }
}
