using AzureVmRole.Engine.Storage.Folder;

namespace AzureVmRole.Engine.Storage;

/// <summary>Names that begin with what was typed, for tab completion.</summary>
public static class BlobNames
{
    /// <summary>The most names that are returned.</summary>
    public const int Most = 200;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Containers (<c>vhds/</c>) while no container is typed whole, then blobs (<c>vhds/base.vhd</c>), written as the address
    /// was begun: a name in the connected store, or a URI. In a <c>file:</c> URI folders come first, up to that of a store. At most
    /// 200, after at most 2 seconds what was found by then; none where the address is malformed or the store cannot be read.
    /// </summary>
    /// <param name="typed">What was typed so far; may be empty.</param>
    /// <param name="connection">The connected store, and what authorises requests.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static async Task<IReadOnlyList<string>> CompleteAsync(string typed, StoreConnection connection, CancellationToken cancellationToken)
    {
        var found = new List<string>();
        using var waiting = new CancellationTokenSource(Patience, TimeProvider.System);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(waiting.Token, cancellationToken);
        try
        {
            if (FolderAddress.TryParse(typed) is { StorePath: null } address)
            {
                found.AddRange(address.ListFolders().Take(Most));
            }
            else
            {
                await FindAsync(typed, connection, found, both.Token).ConfigureAwait(false);
            }
        }
        catch (TransferException)
        {
            // Whoever completes a name is not to be disturbed; the command itself will say what is wrong.
        }
        catch (OperationCanceledException) when (waiting.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // Time is up.
        }

        return found;
    }

    private static async Task FindAsync(string typed, StoreConnection connection, List<string> found, CancellationToken cancellationToken)
    {
        (string start, string path) = Split(typed);
        IBlobStore store = BlobStores.OpenStore(start.Length == 0 ? null : start, connection);
        await using (store.ConfigureAwait(false))
        {
            int slash = path.IndexOf('/', StringComparison.Ordinal);
            IAsyncEnumerable<string> names = slash < 0
                ? ContainersAsync(store, path, cancellationToken).Select(name => start + name)
                : BlobsAsync(store, path[..slash], path[(slash + 1)..], cancellationToken)
                    .Select(name => start.Length > 0 && store.Root.IsFile ? store.GetUri(name).AbsoluteUri : start + name);
            await foreach (string name in names.ConfigureAwait(false))
            {
                found.Add(name);
                if (found.Count == Most)
                {
                    return;
                }
            }
        }
    }

    private static IAsyncEnumerable<string> ContainersAsync(IBlobStore store, string prefix, CancellationToken cancellationToken) => store
        .ListContainersAsync(cancellationToken)
        .Where(container => container.StartsWith(prefix, StringComparison.Ordinal))
        .Select(static container => container + "/");

    private static IAsyncEnumerable<BlobName> BlobsAsync(IBlobStore store, string container, string prefix, CancellationToken cancellationToken) => store
        .ListAsync(new BlobListing { Container = container, Prefix = prefix, PageSize = Most }, cancellationToken)
        .Select(static blob => blob.Name);

    /// <summary>The store's address with its last slash, and what is typed of the container and the blob.</summary>
    private static (string Start, string Path) Split(string typed)
    {
        if (!typed.Contains("://", StringComparison.Ordinal))
        {
            return ("", typed.Replace('\\', '/'));
        }

        if (FolderAddress.TryParse(typed) is { StorePath: { } storePath } folder)
        {
            return (FolderPaths.ToUri(storePath).AbsoluteUri + "/", folder.PathInStore);
        }

        if (!Uri.TryCreate(typed, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("http" or "https") || uri.Query.Length > 0)
        {
            throw BlobAddress.Invalid(typed, "only names, file addresses, and http or https addresses without a signature can be completed");
        }

        // Behind the host, and in Azurite's addresses behind the account.
        int slashes = BlobAddress.HasAccountInPath(uri) ? 4 : 3;
        int end = -1;
        for (int slash = 0; slash < slashes; slash++)
        {
            end = typed.IndexOf('/', end + 1);
            if (end < 0)
            {
                throw BlobAddress.Invalid(typed, "its account is not typed yet");
            }
        }

        return (typed[..(end + 1)], Uri.UnescapeDataString(typed[(end + 1)..]));
    }
}
