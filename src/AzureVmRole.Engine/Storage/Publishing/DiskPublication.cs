namespace AzureVmRole.Engine.Storage.Publishing;

/// <summary>Uploads disks.</summary>
public static class DiskPublication
{
    /// <summary>
    /// Uploads a disk of any readable format, or a chain, as the fixed VHD that it stands for. Only data travels. The blob has
    /// no footer, and so is no disk, until everything else is there.
    /// </summary>
    /// <param name="options">What is published where.</param>
    /// <param name="progress">Gets how far it has come; called from several threads.</param>
    /// <param name="cancellationToken">Ends the work; what was sent stays, and the next attempt goes on from there.</param>
    /// <exception cref="DiskFormatException">The disk, or a parent, breaks the rules of its format.</exception>
    /// <exception cref="DiskOperationException">The disk cannot be opened, or is not fit for Azure.</exception>
    /// <exception cref="TransferException">The blob or the store does not allow it.</exception>
    public static Task<PublishedVhd> PublishAsync(
        PublishOptions options, IProgress<TransferProgress>? progress, CancellationToken cancellationToken) =>
        throw new TransferException(
            ErrorCode.StoreUnsupported, options.Destination, "No store can be written to yet.");
}
