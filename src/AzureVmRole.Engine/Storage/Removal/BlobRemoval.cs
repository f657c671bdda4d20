using AzureVmRole.Engine.Storage.Inspection;

namespace AzureVmRole.Engine.Storage.Removal;

/// <summary>Deletes a blob from a store.</summary>
public static class BlobRemoval
{
    /// <summary>Deletes a blob, if it still is what the caller saw. What happens to it between the look and the deletion prevents it.</summary>
    /// <param name="options">Which, and what may go with it.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>What the blob was.</returns>
    /// <exception cref="TransferException">The blob does not exist, was changed, is leased or has snapshots; or the store refuses.</exception>
    public static async Task<VhdBlob> RemoveAsync(BlobRemovalOptions options, CancellationToken cancellationToken)
    {
        OpenedBlob opened = BlobStores.Open(options.Address, options.Connection);
        await using (opened.ConfigureAwait(false))
        {
            BlobName name = opened.RequireBlob();
            Uri uri = VhdBlobs.UriOf(opened.Store, name, opened.Snapshot);
            BlobProperties blob = await opened.Store.FindAsync(name, opened.Snapshot, cancellationToken).ConfigureAwait(false)
                ?? throw BlobErrors.NotFound(uri);
            if (options.ETag is { } expected && expected != blob.ETag)
            {
                throw BlobErrors.Changed(uri, expected, blob.ETag);
            }

            if (opened.Snapshot is null)
            {
                await MakeFreeAsync(opened.Store, blob, options, cancellationToken).ConfigureAwait(false);
            }

            var unchanged = new BlobConditions { IfMatch = blob.ETag };
            await opened.Store.DeleteAsync(
                name, opened.Snapshot, opened.Snapshot is null && options.WithSnapshots, unchanged, cancellationToken).ConfigureAwait(false);
            return VhdBlobs.From(opened.Store, blob);
        }
    }

    /// <summary>Makes sure that nothing but a change in the meantime can prevent the deletion, before a lease is broken for it.</summary>
    private static async Task MakeFreeAsync(
        IBlobStore store, BlobProperties blob, BlobRemovalOptions options, CancellationToken cancellationToken)
    {
        Uri uri = store.GetUri(blob.Name);
        if (!options.WithSnapshots && await HasSnapshotsAsync(store, blob.Name, cancellationToken).ConfigureAwait(false))
        {
            throw BlobErrors.HasSnapshots(uri);
        }

        if (!BlobErrors.IsLeased(blob))
        {
            return;
        }

        if (!options.BreakLease)
        {
            throw BlobErrors.Leased(uri, blob, "Make sure that nobody needs the blob any more; then end the use, or add -BreakLease.");
        }

        options.Connection.Log?.WriteDecision($"The lease of '{uri}' ({VhdBlobs.HolderOf(blob) ?? "holder not known"}) is broken.");
        await store.BreakLeaseAsync(blob.Name, TimeSpan.Zero, new BlobConditions { IfMatch = blob.ETag }, cancellationToken)
            .ConfigureAwait(false);
    }

    private static async Task<bool> HasSnapshotsAsync(IBlobStore store, BlobName name, CancellationToken cancellationToken)
    {
        var listing = new BlobListing { Container = name.Container, Prefix = name.Name, IncludeSnapshots = true };
        await foreach (BlobProperties blob in store.ListAsync(listing, cancellationToken).ConfigureAwait(false))
        {
            // The name itself is the first of all that start with it.
            if (blob.Name != name)
            {
                return false;
            }

            if (blob.Snapshot is not null)
            {
                return true;
            }
        }

        return false;
    }
}
