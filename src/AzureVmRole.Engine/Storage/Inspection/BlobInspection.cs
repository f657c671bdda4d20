using System.Runtime.CompilerServices;

namespace AzureVmRole.Engine.Storage.Inspection;

/// <summary>Finds disks in a store.</summary>
public static class BlobInspection
{
    /// <summary>Finds blobs, streamed in the order of containers and names.</summary>
    /// <param name="query">Which.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <exception cref="TransferException">A blob that is named in full does not exist, or the store refuses.</exception>
    public static async IAsyncEnumerable<VhdBlob> FindAsync(BlobQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        OpenedBlob opened = Open(query);
        await using (opened.ConfigureAwait(false))
        {
            await foreach (BlobProperties blob in FindAsync(opened, query, cancellationToken).ConfigureAwait(false))
            {
                yield return VhdBlobs.From(opened.Store, blob);
            }
        }
    }

    /// <summary>Names whose container is a pattern are no address, and those of the connected store.</summary>
    private static OpenedBlob Open(BlobQuery query)
    {
        if (query.Address is not { Length: > 0 } address)
        {
            return new OpenedBlob(BlobStores.OpenStore(null, query.Connection), null, null, null);
        }

        string[] parts = address.Replace('\\', '/').Split('/', 2);
        return parts[0].Length > 0 && !parts[0].EndsWith(':') && new BlobPattern(parts[0]).IsPattern
            ? new OpenedBlob(BlobStores.OpenStore(null, query.Connection), parts[0], parts.Length > 1 && parts[1].Length > 0 ? parts[1] : null, null)
            : BlobStores.Open(address, query.Connection);
    }

    private static async IAsyncEnumerable<BlobProperties> FindAsync(
        OpenedBlob opened, BlobQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var containers = new BlobPattern(opened.Container);
        var names = new BlobPattern(opened.Name);
        if (!containers.IsPattern && !names.IsPattern && (opened.Snapshot is not null || !(query.IncludeSnapshots || query.IncludeDeleted)))
        {
            BlobName name = opened.RequireBlob();
            yield return await opened.Store.FindAsync(name, opened.Snapshot, cancellationToken).ConfigureAwait(false)
                ?? throw NotFound(opened.Store, name, opened.Snapshot);
            yield break;
        }

        bool isFound = false;
        await foreach (string container in ListContainersAsync(opened.Store, containers, cancellationToken).ConfigureAwait(false))
        {
            var listing = new BlobListing
            {
                Container = container,
                Prefix = names.Prefix,
                IncludeSnapshots = query.IncludeSnapshots,
                IncludeDeleted = query.IncludeDeleted,
            };
            await foreach (BlobProperties blob in opened.Store.ListAsync(listing, cancellationToken).ConfigureAwait(false))
            {
                if (names.Matches(blob.Name.Name) && (query.AllBlobs || !names.IsPattern || IsVhd(blob)))
                {
                    isFound = true;
                    yield return blob;
                }
            }
        }

        if (!isFound && !containers.IsPattern && !names.IsPattern)
        {
            throw NotFound(opened.Store, opened.RequireBlob(), null);
        }
    }

    private static async IAsyncEnumerable<string> ListContainersAsync(
        IBlobStore store, BlobPattern containers, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!containers.IsPattern)
        {
            yield return containers.Prefix ?? "";
            yield break;
        }

        await foreach (string container in store.ListContainersAsync(cancellationToken).ConfigureAwait(false))
        {
            if (containers.Matches(container))
            {
                yield return container;
            }
        }
    }

    private static bool IsVhd(BlobProperties blob) => blob.Name.Name.EndsWith(".vhd", StringComparison.OrdinalIgnoreCase);

    private static TransferException NotFound(IBlobStore store, BlobName name, string? snapshot) =>
        BlobErrors.NotFound(VhdBlobs.UriOf(store, name, snapshot));
}
