using AzureVmRole.Disks.Vhd;
using AzureVmRole.Engine.Storage;

namespace AzureVmRole.Fabric.Media;

internal sealed partial class LocationMedia
{
    private const int MostTries = 3;
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// Makes a disk that is a copy of another one, with a unique id of its own; what is known of the source's content is known of the copy's, unless the identity says so. The store copies, holes and shared blocks included. A source that is
    /// written to meanwhile is copied again: the copy is what the source was at one moment. Nothing happens when the copy is there already; one that is under way is waited for.
    /// <see cref="FlushAsync"/> brings it to stable storage.
    /// </summary>
    /// <param name="sourceMedia">The location that the source is in.</param>
    /// <param name="source">The source.</param>
    /// <param name="target">The new blob.</param>
    /// <param name="identity">Whose it is.</param>
    /// <param name="cancellationToken">Ends the waiting; the store goes on copying, and the next call finds it.</param>
    /// <returns>The virtual size in bytes.</returns>
    /// <exception cref="FabricException">The source is gone or no disk, another disk is at the target, or there is no room. Nothing is left then.</exception>
    public async Task<long> CopyAsync(
        LocationMedia sourceMedia, string source, string target, DiskIdentity identity, CancellationToken cancellationToken)
    {
        try
        {
            sourceMedia.CheckLinks(source);
            for (int attempt = 1; ; attempt++)
            {
                BlobProperties? copy = await FindOwnAsync(target, identity, cancellationToken).ConfigureAwait(false);
                if (copy?.CopyState is BlobCopyState.Failed or BlobCopyState.Aborted or BlobCopyState.None)
                {
                    await DeleteAsync(target, null, cancellationToken).ConfigureAwait(false);
                    copy = null;
                }

                string? sourceETag = copy is null
                    ? await StartCopyAsync(sourceMedia, source, target, identity, cancellationToken).ConfigureAwait(false)
                    : null;
                copy = await WaitForCopyAsync(target, identity, cancellationToken).ConfigureAwait(false);
                if (copy.CopyState == BlobCopyState.Success)
                {
                    return await SignAsync(copy, identity, cancellationToken).ConfigureAwait(false);
                }

                await DeleteAsync(target, null, cancellationToken).ConfigureAwait(false);
                if (attempt >= MostTries || sourceETag is null || !await sourceMedia.HasChangedAsync(source, sourceETag, cancellationToken).ConfigureAwait(false))
                {
                    throw CopyFailed(sourceMedia, source, copy);
                }
            }
        }
        catch (TransferException exception) when (MediaErrors.IsFinal(exception))
        {
            throw MediaErrors.Of(exception);
        }
    }

    private async Task<string> StartCopyAsync(
        LocationMedia sourceMedia, string source, string target, DiskIdentity identity, CancellationToken cancellationToken)
    {
        VhdInspection inspection = await sourceMedia.InspectAsync(source, cancellationToken).ConfigureAwait(false)
            ?? throw MediaErrors.NoBlob("source", source, sourceMedia.Location);
        if (!inspection.IsFit)
        {
            throw MediaErrors.Unfit("source", inspection);
        }

        BlobName name = Parse(target);
        await EnsureContainerAsync(name.Container, cancellationToken).ConfigureAwait(false);
        BlobCopySource copied = await sourceMedia._store.GetCopySourceAsync(
            Parse(source), null, inspection.Properties.ETag, cancellationToken).ConfigureAwait(false);
        DiskIdentity known = identity with { ContentState = identity.ContentState ?? inspection.ContentState };
        await _store.StartCopyAsync(name, copied, MetadataOf(known), new BlobConditions { MustNotExist = true }, cancellationToken).ConfigureAwait(false);
        return inspection.Properties.ETag;
    }

    private async Task<BlobProperties> WaitForCopyAsync(string target, DiskIdentity identity, CancellationToken cancellationToken)
    {
        for (TimeSpan delay = FirstDelay; ; delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay)
        {
            BlobProperties? copy = await FindAsync(target, cancellationToken).ConfigureAwait(false);
            if (copy is null || !IsOf(copy, identity))
            {
                throw new FabricException(
                    System.Net.HttpStatusCode.Conflict, "Conflict", target, $"'{target}' was replaced or deleted by somebody else while it was copied to.",
                    "Find out who writes there, and repeat the request.");
            }

            if (copy.CopyState != BlobCopyState.Pending)
            {
                return copy;
            }

            // The store copies in real time, whatever clock the fabric has.
            await Task.Delay(delay, TimeProvider.System, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Gives a copy the footer of a disk of its own: all that differs from the source's is the unique id.</summary>
    private async Task<long> SignAsync(BlobProperties copy, DiskIdentity identity, CancellationToken cancellationToken)
    {
        long size = copy.Length - FixedVhdFooter.SizeInBytes;
        byte[] bytes = new byte[FixedVhdFooter.SizeInBytes];
        await _store.ReadAsync(copy.Name, null, size, bytes, default, cancellationToken).ConfigureAwait(false);
        if (!FixedVhdFooter.TryParse(bytes, size, out FixedVhdFooter? footer, out string? problem))
        {
            throw new FabricException(
                System.Net.HttpStatusCode.InternalServerError, "StorageFailure", copy.Name.ToString(), $"The copy '{copy.Name}' is no disk: {problem}.", "Repeat the request.");
        }

        if (footer.Identifier != identity.UniqueId)
        {
            await WriteFooterAsync(copy.Name, footer.WithIdentifier(identity.UniqueId), null, cancellationToken).ConfigureAwait(false);
        }

        return size;
    }

    private async Task<bool> HasChangedAsync(string blob, string eTag, CancellationToken cancellationToken) =>
        await FindAsync(blob, cancellationToken).ConfigureAwait(false) is { } now && now.ETag != eTag;

    private static FabricException CopyFailed(LocationMedia sourceMedia, string source, BlobProperties copy)
    {
        string why = copy.CopyDescription ?? copy.CopyState.ToString();
        bool isFull = why.Contains("is full", StringComparison.Ordinal);
        return new FabricException(
            isFull ? System.Net.HttpStatusCode.InsufficientStorage : System.Net.HttpStatusCode.InternalServerError,
            isFull ? "InsufficientStorage" : "StorageFailure", copy.Name.ToString(),
            $"'{source}' in '{sourceMedia.Location}' could not be copied to '{copy.Name}': {why}", isFull ? "Free space on the volume, and repeat the request." : "Repeat the request.");
    }
}
