using AzureVmRole.Disks.Vhd;
using AzureVmRole.Engine.Storage.Inspection;

namespace AzureVmRole.Engine.Storage.Copying;

/// <summary>A copy that a service has begun: watched to its end, and removed when it does not end well.</summary>
internal sealed class RunningCopy(
    StoredDisk source, IBlobStore store, BlobName name, string copyId, IProgress<TransferProgress>? progress)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(2);

    private Uri Uri => store.GetUri(name);

    /// <summary>The clock by which the service is asked how far it is.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Waits for the end of the copy, and checks what it made.</summary>
    /// <returns>What the copy is.</returns>
    /// <exception cref="TransferException">The copy failed, or somebody else has replaced it.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the copy was ended and removed.</exception>
    public async Task<BlobProperties> WaitAsync(CancellationToken cancellationToken)
    {
        try
        {
            BlobProperties copy = await WaitForEndAsync(cancellationToken).ConfigureAwait(false);
            await CheckAsync(copy, cancellationToken).ConfigureAwait(false);
            await store.FlushAsync(name, cancellationToken).ConfigureAwait(false);
            return copy;
        }
        catch (Exception exception) when (exception is not TransferException { Code: ErrorCode.BlobChanged })
        {
            await RemoveAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task<BlobProperties> WaitForEndAsync(CancellationToken cancellationToken)
    {
        for (TimeSpan delay = FirstDelay; ; delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay)
        {
            BlobProperties? copy = await store.FindAsync(name, null, cancellationToken).ConfigureAwait(false);
            if (copy is null || copy.CopyId != copyId)
            {
                throw new TransferException(
                    ErrorCode.BlobChanged, Uri.ToString(), $"'{Uri}' was replaced or deleted by somebody else while it was copied to.",
                    "Find out who writes there, and run the command again.");
            }

            progress?.Report(new TransferProgress(
                "Copying disk", copy.CopyState == BlobCopyState.Success ? source.Blob.Length : copy.CopyBytesDone ?? 0, source.Blob.Length));
            switch (copy.CopyState)
            {
                case BlobCopyState.Success:
                    return copy;
                case BlobCopyState.Pending:
                    await Task.Delay(delay, Clock, cancellationToken).ConfigureAwait(false);
                    break;
                default:
                    throw Failed($"the service says: {copy.CopyDescription ?? copy.CopyState.ToString()}");
            }
        }
    }

    private async Task CheckAsync(BlobProperties copy, CancellationToken cancellationToken)
    {
        if (copy.Length != source.Blob.Length)
        {
            throw Failed($"it has {copy.Length} bytes, expected {source.Blob.Length}");
        }

        byte[] footer = new byte[FixedVhdFooter.SizeInBytes];
        await store.ReadAsync(
            name, null, source.DiskLength, footer, new BlobConditions { IfMatch = copy.ETag }, cancellationToken).ConfigureAwait(false);
        if (!footer.AsSpan().SequenceEqual(source.Footer.Bytes.Span))
        {
            throw Failed("its footer is another one than that of the source");
        }
    }

    private TransferException Failed(string problem) => new(
        ErrorCode.CopyFailed, Uri.ToString(), $"The copy of '{source.Uri}' to '{Uri}' failed: {problem}.",
        "Run the command again; if the source is in use, copy a snapshot of it.");

    /// <summary>Ends the copy and removes the blob, as long as it is this copy's: a target that is no disk helps nobody.</summary>
    private async Task RemoveAsync()
    {
        try
        {
            await store.AbortCopyAsync(name, copyId, default, CancellationToken.None).ConfigureAwait(false);
            if (await store.FindAsync(name, null, CancellationToken.None).ConfigureAwait(false) is { } left && left.CopyId == copyId)
            {
                await store.DeleteAsync(name, null, withSnapshots: false, new BlobConditions { IfMatch = left.ETag }, CancellationToken.None)
                    .ConfigureAwait(false);
            }
        }
        catch (TransferException)
        {
            // What ended the copy is what the caller has to know; a store that cannot be reached keeps the blob as a failed copy,
            // which is refused as a disk.
        }
    }
}
