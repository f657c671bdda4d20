using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage.Blobs.Models;

namespace AzureVmRole.Engine.Storage.Azure;

internal sealed partial class AzureBlobStore
{
    private volatile bool _areTagsRefused;

    /// <inheritdoc/>
    public async IAsyncEnumerable<string> ListContainersAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        AsyncPageable<BlobContainerItem> containers = _client.GetBlobContainersAsync(cancellationToken: cancellationToken);
        await foreach (BlobContainerItem item in
            StreamAsync("list the containers of", _endpoint.AbsoluteUri, containers, cancellationToken).ConfigureAwait(false))
        {
            yield return item.Name;
        }
    }

    /// <inheritdoc/>
    public Task CreateContainerAsync(string container, CancellationToken cancellationToken) =>
        CallAsync("create the container", ShowContainer(container), async () =>
        {
            await _client.GetBlobContainerClient(container).CreateIfNotExistsAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
            return true;
        }, cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<BlobProperties> ListAsync(BlobListing listing, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (listing.Container is { } single)
        {
            await foreach (BlobProperties blob in ListContainerAsync(single, listing, cancellationToken).ConfigureAwait(false))
            {
                yield return blob;
            }

            yield break;
        }

        await foreach (string container in ListContainersAsync(cancellationToken).ConfigureAwait(false))
        {
            await foreach (BlobProperties blob in ListContainerAsync(container, listing, cancellationToken).ConfigureAwait(false))
            {
                yield return blob;
            }
        }
    }

    private async IAsyncEnumerable<BlobProperties> ListContainerAsync(
        string container, BlobListing listing, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? continuation = null;
        var sameName = new List<BlobProperties>();
        do
        {
            (Page<BlobItem> page, bool areTagsUnread) = await ReadListAsync(container, listing, continuation, cancellationToken).ConfigureAwait(false);
            foreach (BlobItem item in page.Values)
            {
                BlobProperties blob = AzureBlobs.From(container, item, areTagsUnread);
                if (!listing.IncludeSnapshots)
                {
                    yield return blob;
                    continue;
                }

                foreach (BlobProperties whole in TakeOthers(sameName, blob))
                {
                    yield return whole;
                }
            }

            continuation = page.ContinuationToken;
        }
        while (!string.IsNullOrEmpty(continuation));
        foreach (BlobProperties last in SnapshotsFirst(sameName))
        {
            yield return last;
        }
    }

    /// <summary>Collects what has one name; gives back what was collected when another name begins.</summary>
    private static BlobProperties[] TakeOthers(List<BlobProperties> sameName, BlobProperties next)
    {
        BlobProperties[] done = sameName.Count > 0 && sameName[0].Name != next.Name ? SnapshotsFirst(sameName) : [];
        if (done.Length > 0)
        {
            sameName.Clear();
        }

        sameName.Add(next);
        return done;
    }

    /// <summary>Azure lists them so; Azurite lists the blob first.</summary>
    private static BlobProperties[] SnapshotsFirst(List<BlobProperties> sameName) =>
        [.. sameName.OrderBy(static blob => blob.Snapshot is null).ThenBy(static blob => blob.Snapshot, StringComparer.Ordinal)];

    /// <summary>One page. Who may not read tags gets the listing without, each blob of it marked, and a warning once.</summary>
    private async Task<(Page<BlobItem> Page, bool AreTagsUnread)> ReadListAsync(
        string container, BlobListing listing, string? continuation, CancellationToken cancellationToken)
    {
        if (!_areTagsRefused)
        {
            try
            {
                return (await ReadPageAsync(container, listing, continuation, BlobTraits.Tags, cancellationToken).ConfigureAwait(false), false);
            }
            catch (TransferException exception) when (exception.Code is ErrorCode.AuthorizationFailed or ErrorCode.AuthenticationFailed)
            {
                // The same request without tags says whether it was the tags that were refused; if not, its error stands.
            }
        }

        Page<BlobItem> page = await ReadPageAsync(container, listing, continuation, BlobTraits.None, cancellationToken).ConfigureAwait(false);
        if (!_areTagsRefused)
        {
            _areTagsRefused = true;
            _log?.WriteWarning(
                $"You may not read the blobs' tags in '{_endpoint.AbsoluteUri}'. Blobs that only a tag protects cannot be told from others.");
        }

        return (page, true);
    }

    private Task<Page<BlobItem>> ReadPageAsync(
        string container, BlobListing listing, string? continuation, BlobTraits tags, CancellationToken cancellationToken) =>
        CallAsync("list", ShowContainer(container), async () =>
        {
            BlobStates states = (listing.IncludeSnapshots ? BlobStates.Snapshots : BlobStates.None)
                | (listing.IncludeDeleted ? BlobStates.Deleted : BlobStates.None);
            // Azurite continues after the last name of a page and so loses that blob's other snapshots: its pages are as large as they get.
            int? pageSize = listing.IncludeSnapshots && _traffic.IsAzurite ? null : listing.PageSize;
            IAsyncEnumerable<Page<BlobItem>> pages = _client.GetBlobContainerClient(container)
                .GetBlobsAsync(BlobTraits.Metadata | BlobTraits.CopyStatus | tags, states, listing.Prefix, cancellationToken)
                .AsPages(continuation, pageSize);
            await foreach (Page<BlobItem> page in pages.WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                return page;
            }

            throw new TransferException(
                ErrorCode.StoreAnswerInvalid, ShowContainer(container), $"Could not list '{ShowContainer(container)}': the answer is empty.");
        }, cancellationToken);

    private string ShowContainer(string container) => $"{_endpoint.AbsoluteUri.TrimEnd('/')}/{container}";

    private async IAsyncEnumerable<T> StreamAsync<T>(
        string what, string target, AsyncPageable<T> items, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : notnull
    {
        IAsyncEnumerator<Page<T>> pages = items.AsPages().GetAsyncEnumerator(cancellationToken);
        await using (pages.ConfigureAwait(false))
        {
            while (await CallAsync(what, target, () => pages.MoveNextAsync().AsTask(), cancellationToken).ConfigureAwait(false))
            {
                foreach (T item in pages.Current.Values)
                {
                    yield return item;
                }
            }
        }
    }
}
