namespace AzureVmRole.Engine.Storage.Inspection;

/// <summary>Completes half-typed addresses of blobs, for people at a prompt.</summary>
public static class BlobCompletion
{
    /// <summary>
    /// What an address may become: containers, with a slash at their end, or blobs and the folders that their names make, one
    /// level at a time. Addresses with a signature are not completed.
    /// </summary>
    /// <param name="word">What was typed: <c>vhds/ba</c>, or a URI.</param>
    /// <param name="connection">The connected store, and what authorises requests.</param>
    /// <param name="maximum">The most that are looked for.</param>
    /// <param name="cancellationToken">Ends the search; what was found until then is returned.</param>
    /// <exception cref="TransferException">The address makes no sense, or the store refuses.</exception>
    public static async Task<IReadOnlyList<string>> CompleteAsync(
        string word, StoreConnection connection, int maximum, CancellationToken cancellationToken)
    {
        if (word.Contains('?', StringComparison.Ordinal))
        {
            return [];
        }

        var found = new HashSet<string>(StringComparer.Ordinal);
        int end = word.LastIndexOf('/') + 1;
        string place = word[..end];
        OpenedBlob opened = end == 0 ? new OpenedBlob(BlobStores.OpenStore(null, connection), null, null, null)
            : BlobStores.Open(place.TrimEnd('/'), connection);
        await using (opened.ConfigureAwait(false))
        {
            bool isUri = place.Contains("://", StringComparison.Ordinal);
            string typed = isUri ? Uri.UnescapeDataString(word[end..]) : word[end..];
            try
            {
                await foreach (string next in NextParts(opened, typed, cancellationToken).ConfigureAwait(false))
                {
                    found.Add(place + (isUri ? Uri.EscapeDataString(next).Replace("%2F", "/", StringComparison.Ordinal) : next));
                    if (found.Count == maximum)
                    {
                        break;
                    }
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // A slow store gives what it gave in time.
            }
        }

        return [.. found];
    }

    private static IAsyncEnumerable<string> NextParts(OpenedBlob opened, string typed, CancellationToken cancellationToken) =>
        opened.Container is { } container
            ? BlobParts(opened.Store, container, opened.Name is null ? "" : opened.Name + "/", typed, cancellationToken)
            : opened.Store.ListContainersAsync(cancellationToken)
                .Where(name => name.StartsWith(typed, StringComparison.Ordinal))
                .Select(static name => name + "/");

    private static IAsyncEnumerable<string> BlobParts(
        IBlobStore store, string container, string folder, string typed, CancellationToken cancellationToken) =>
        store.ListAsync(new BlobListing { Container = container, Prefix = folder + typed }, cancellationToken).Select(blob =>
        {
            string rest = blob.Name.Name[folder.Length..];
            int slash = rest.IndexOf('/', StringComparison.Ordinal);
            return slash < 0 ? rest : rest[..(slash + 1)];
        });
}
