using AzureVmRole.Disks.Vhd;
using AzureVmRole.Engine.Storage;

namespace AzureVmRole.Fabric.Media;

internal sealed partial class LocationMedia
{
    /// <summary>Makes an empty disk: a fixed VHD that occupies nothing but its footer. Nothing happens when it is there already.</summary>
    /// <param name="blob">The blob.</param>
    /// <param name="sizeInBytes">The virtual size, whole MiB.</param>
    /// <param name="identity">Whose it is.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="FabricException">Another disk is there, or there is no room.</exception>
    public async Task CreateEmptyAsync(string blob, long sizeInBytes, DiskIdentity identity, CancellationToken cancellationToken)
    {
        try
        {
            BlobName name = Parse(blob);
            long length = sizeInBytes + FixedVhdFooter.SizeInBytes;
            BlobProperties? found = await FindOwnAsync(blob, identity, cancellationToken).ConfigureAwait(false);
            if (found is not null && found.Length != length)
            {
                await _store.DeleteAsync(name, null, withSnapshots: false, default, cancellationToken).ConfigureAwait(false);
                found = null;
            }

            if (found is null)
            {
                await EnsureContainerAsync(name.Container, cancellationToken).ConfigureAwait(false);
                await _store.CreateAsync(name, length, MetadataOf(identity), new BlobConditions { MustNotExist = true }, cancellationToken).ConfigureAwait(false);
            }

            await WriteFooterAsync(name, FixedVhdFooter.Create(sizeInBytes, identity.UniqueId, Now), null, cancellationToken).ConfigureAwait(false);
        }
        catch (TransferException exception) when (MediaErrors.IsFinal(exception))
        {
            throw MediaErrors.Of(exception);
        }
    }

    /// <summary>
    /// Makes a disk longer; the new end reads as zeros. Nothing happens when it is that long. The footer at the new end is written before the
    /// old one goes: a kill in between leaves a disk that the same call completes.
    /// </summary>
    /// <param name="blob">The blob.</param>
    /// <param name="oldSizeInBytes">The virtual size that was noted last.</param>
    /// <param name="newSizeInBytes">The virtual size to reach, whole MiB, not smaller.</param>
    /// <param name="uniqueId">The disk's unique id, which stays.</param>
    /// <param name="leaseId">The lease that its user has on it, whether it is taken now or not.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task GrowAsync(
        string blob, long oldSizeInBytes, long newSizeInBytes, Guid uniqueId, string? leaseId, CancellationToken cancellationToken)
    {
        try
        {
            BlobName name = Parse(blob);
            BlobProperties found = await FindAsync(blob, cancellationToken).ConfigureAwait(false) ?? throw MediaErrors.NoBlob("blob", blob, Location);
            string? lease = found.LeaseState == BlobLeaseState.Leased ? leaseId : null;
            long length = newSizeInBytes + FixedVhdFooter.SizeInBytes;
            if (found.Length < length)
            {
                await _store.ExtendAsync(name, length, new BlobConditions { LeaseId = lease }, cancellationToken).ConfigureAwait(false);
            }

            await WriteFooterAsync(name, FixedVhdFooter.Create(newSizeInBytes, uniqueId, Now), lease, cancellationToken).ConfigureAwait(false);
            if (oldSizeInBytes < newSizeInBytes)
            {
                await _store.ClearPagesAsync(name, oldSizeInBytes, FixedVhdFooter.SizeInBytes, new BlobConditions { LeaseId = lease }, cancellationToken)
                    .ConfigureAwait(false);
            }
        }
        catch (TransferException exception) when (MediaErrors.IsFinal(exception))
        {
            throw MediaErrors.Of(exception);
        }
    }

    /// <summary>Brings what was made to stable storage, so that it also survives a loss of power; nothing happens when it is gone.</summary>
    public async Task FlushAsync(string blob, CancellationToken cancellationToken)
    {
        try
        {
            await _store.FlushAsync(Parse(blob), cancellationToken).ConfigureAwait(false);
        }
        catch (TransferException exception) when (exception.Code is ErrorCode.BlobNotFound or ErrorCode.ContainerNotFound)
        {
            // Deleted in the meantime.
        }
        catch (TransferException exception) when (MediaErrors.IsFinal(exception))
        {
            throw MediaErrors.Of(exception);
        }
    }

    /// <summary>Deletes a blob; nothing happens when it is gone.</summary>
    /// <param name="blob">The blob.</param>
    /// <param name="leaseId">The lease that the owner has on it, whether it is taken now or not; null when it never took one.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="FabricException">Somebody else has a lease on it, or it has snapshots.</exception>
    public async Task DeleteAsync(string blob, string? leaseId, CancellationToken cancellationToken)
    {
        try
        {
            if (await FindAsync(blob, cancellationToken).ConfigureAwait(false) is { } found)
            {
                var conditions = new BlobConditions { LeaseId = found.LeaseState == BlobLeaseState.Leased ? leaseId : null };
                await _store.DeleteAsync(Parse(blob), null, withSnapshots: false, conditions, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (TransferException exception) when (exception.Code == ErrorCode.BlobNotFound)
        {
            // Somebody else has deleted it in the meantime.
        }
        catch (TransferException exception) when (MediaErrors.IsFinal(exception))
        {
            throw MediaErrors.Of(exception);
        }
    }

    /// <summary>Deletes what a making of a disk has left, if it is this disk's; anything else of that name stays.</summary>
    public async Task DeleteUnfinishedAsync(string blob, DiskIdentity identity, CancellationToken cancellationToken)
    {
        if (await FindAsync(blob, cancellationToken).ConfigureAwait(false) is { } found && IsOf(found, identity))
        {
            if (found is { CopyState: BlobCopyState.Pending, CopyId: { } copyId })
            {
                await _store.AbortCopyAsync(found.Name, copyId, default, cancellationToken).ConfigureAwait(false);
            }

            await DeleteAsync(blob, null, cancellationToken).ConfigureAwait(false);
        }
    }

    private DateTime Now => _clock.GetUtcNow().UtcDateTime;

    private static bool IsOf(BlobProperties blob, DiskIdentity identity) =>
        blob.Metadata.GetValueOrDefault(BlobMetadata.DiskIdentifier) == identity.UniqueId.ToString("D");

    private static Dictionary<string, string> MetadataOf(DiskIdentity identity)
    {
        var metadata = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            [BlobMetadata.State] = BlobMetadata.Complete,
            [BlobMetadata.DiskIdentifier] = identity.UniqueId.ToString("D"),
        };
        if (identity.ContentState is { } state)
        {
            metadata[ContentStateKey] = state;
        }

        return metadata;
    }

    /// <summary>What an earlier try left; null for nothing.</summary>
    private async Task<BlobProperties?> FindOwnAsync(string blob, DiskIdentity identity, CancellationToken cancellationToken)
    {
        CheckLinks(blob);
        BlobProperties? found = await FindAsync(blob, cancellationToken).ConfigureAwait(false);
        return found is null || IsOf(found, identity)
            ? found
            : throw new FabricException(
                System.Net.HttpStatusCode.Conflict, "Conflict", blob, $"The blob '{blob}' for a new disk exists already, and is another disk.", "Repeat the request.");
    }

    private Task WriteFooterAsync(BlobName name, FixedVhdFooter footer, string? leaseId, CancellationToken cancellationToken) => _store.WritePagesAsync(
        name, footer.DiskLengthInBytes, footer.Bytes, new BlobConditions { LeaseId = leaseId }, cancellationToken);

    private async Task EnsureContainerAsync(string container, CancellationToken cancellationToken)
    {
        if (!_hasContainer || container != DiskContainer)
        {
            await _store.CreateContainerAsync(container, cancellationToken).ConfigureAwait(false);
            _hasContainer = _hasContainer || container == DiskContainer;
        }
    }
}
