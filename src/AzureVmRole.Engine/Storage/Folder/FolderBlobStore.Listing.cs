using System.Runtime.CompilerServices;

namespace AzureVmRole.Engine.Storage.Folder;

internal sealed partial class FolderBlobStore
{
    private const int DefaultListSize = 1_000;

    /// <inheritdoc/>
    public async IAsyncEnumerable<string> ListContainersAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string after = "";
        while (await Task.Run(() => _database.Read(table => table.NextContainer(after)), cancellationToken).ConfigureAwait(false) is { } container)
        {
            yield return container;
            after = container;
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<BlobProperties> ListAsync(BlobListing listing, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (listing.Container is not { } only)
        {
            await foreach (string container in ListContainersAsync(cancellationToken).ConfigureAwait(false))
            {
                await foreach (BlobProperties blob in ListContainerAsync(container, listing, cancellationToken).ConfigureAwait(false))
                {
                    yield return blob;
                }
            }

            yield break;
        }

        await foreach (BlobProperties blob in ListContainerAsync(only, listing, cancellationToken).ConfigureAwait(false))
        {
            yield return blob;
        }
    }

    private async IAsyncEnumerable<BlobProperties> ListContainerAsync(
        string container, BlobListing listing, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!_database.Read(table => table.HasContainer(container)))
        {
            throw FolderErrors.ContainerNotFound(container);
        }

        string prefix = listing.Prefix ?? "";
        int count = Math.Max(1, listing.PageSize ?? DefaultListSize);
        (string name, string snapshot) = (prefix, "");
        List<FolderRow> rows;
        do
        {
            (string afterName, string afterSnapshot) = (name, snapshot);
            rows = await Task.Run(
                () => _database.ReadApart(table => table.ListAfter(container, afterName, afterSnapshot, listing.IncludeSnapshots, count)),
                cancellationToken).ConfigureAwait(false);
            foreach (FolderRow row in rows)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (!row.Name.Name.StartsWith(prefix, StringComparison.Ordinal))
                {
                    yield break;
                }

                if (CheckCopyNow(row) is { } current)
                {
                    yield return current.ToProperties(Now);
                }

                (name, snapshot) = (row.Name.Name, row.Snapshot ?? FolderSchema.NoSnapshot);
            }
        }
        while (rows.Count == count);
    }
}
