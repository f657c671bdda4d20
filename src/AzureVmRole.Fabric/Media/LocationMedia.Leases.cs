using AzureVmRole.Engine.Storage;

namespace AzureVmRole.Fabric.Media;

internal sealed partial class LocationMedia
{
    /// <summary>Takes an endless lease on a blob, or takes the same one again, and notes who holds it.</summary>
    /// <param name="blob">The blob.</param>
    /// <param name="leaseId">The lease's id, a GUID in text form that was saved before.</param>
    /// <param name="holder">Who: the id of the resource that uses the blob.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="FabricException">There is no such blob, or somebody else has a lease on it.</exception>
    public async Task LeaseAsync(string blob, string leaseId, string holder, CancellationToken cancellationToken)
    {
        try
        {
            BlobName name = Parse(blob);
            await _store.AcquireLeaseAsync(name, leaseId, null, default, cancellationToken).ConfigureAwait(false);
            await SetMetadataAsync(name, BlobMetadata.LeaseHolder, holder, leaseId, cancellationToken).ConfigureAwait(false);
        }
        catch (TransferException exception) when (MediaErrors.IsFinal(exception))
        {
            throw MediaErrors.Of(exception);
        }
    }

    /// <summary>Gives a lease back, and takes away the note of its holder. Nothing happens when the blob is gone, or the lease is not this one any more.</summary>
    public async Task ReleaseAsync(string blob, string leaseId, CancellationToken cancellationToken)
    {
        try
        {
            BlobName name = Parse(blob);
            await SetMetadataAsync(name, BlobMetadata.LeaseHolder, null, leaseId, cancellationToken).ConfigureAwait(false);
            await _store.ReleaseLeaseAsync(name, leaseId, cancellationToken).ConfigureAwait(false);
        }
        catch (TransferException exception) when (exception.Code is ErrorCode.LeaseLost or ErrorCode.BlobNotFound or ErrorCode.ContainerNotFound)
        {
            // Given back before, or never taken: what was asked for holds.
        }
        catch (TransferException exception) when (MediaErrors.IsFinal(exception))
        {
            throw MediaErrors.Of(exception);
        }
    }

    /// <summary>Notes what a VHD's content is, for images that are made of it.</summary>
    /// <param name="blob">The blob.</param>
    /// <param name="contentState"><c>Generalized</c> or <c>Specialized</c>.</param>
    /// <param name="leaseId">The lease on the blob; null when there is none.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task SetContentStateAsync(string blob, string contentState, string? leaseId, CancellationToken cancellationToken)
    {
        try
        {
            await SetMetadataAsync(Parse(blob), ContentStateKey, contentState, leaseId, cancellationToken).ConfigureAwait(false);
        }
        catch (TransferException exception) when (MediaErrors.IsFinal(exception))
        {
            throw MediaErrors.Of(exception);
        }
    }

    private async Task SetMetadataAsync(BlobName name, string key, string? value, string? leaseId, CancellationToken cancellationToken)
    {
        BlobProperties? found = await _store.FindAsync(name, null, cancellationToken).ConfigureAwait(false);
        if (found is null || found.Metadata.GetValueOrDefault(key) == value)
        {
            return;
        }

        var metadata = new Dictionary<string, string>(found.Metadata, StringComparer.OrdinalIgnoreCase);
        if (value is null)
        {
            metadata.Remove(key);
        }
        else
        {
            metadata[key] = value;
        }

        await _store.SetMetadataAsync(name, metadata, new BlobConditions { LeaseId = leaseId }, cancellationToken).ConfigureAwait(false);
    }
}
