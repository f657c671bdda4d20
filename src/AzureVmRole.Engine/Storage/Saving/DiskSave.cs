namespace AzureVmRole.Engine.Storage.Saving;

/// <summary>Downloads a disk from a store.</summary>
public static class DiskSave
{
    /// <summary>Downloads a disk.</summary>
    /// <param name="options">What becomes what.</param>
    /// <param name="progress">Gets how far it has come; called from several threads.</param>
    /// <param name="cancellationToken">Ends the work; the next run for the same file continues it.</param>
    /// <exception cref="TransferException">The source is no disk, was changed meanwhile, or the store refuses.</exception>
    /// <exception cref="DiskOperationException">The file cannot be made.</exception>
    public static Task<BaseVhd> SaveAsync(SaveOptions options, IProgress<TransferProgress>? progress, CancellationToken cancellationToken) =>
        throw new TransferException(ErrorCode.StoreUnsupported, options.Source, $"No store can be opened for '{options.Source}'.");
}
