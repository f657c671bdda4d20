using System.Runtime.CompilerServices;
using Azure;
using Azure.ResourceManager;
using AzureVmRole.Engine.Compute.Connecting;

namespace AzureVmRole.Engine.Compute;

/// <summary>Reads listings to their end, or fails.</summary>
internal static class Listing
{
    /// <summary>Every resource of a listing, with the blob that the local fabric tells.</summary>
    /// <exception cref="FabricException">A page could not be read.</exception>
    public static async IAsyncEnumerable<(T Resource, Uri? Blob)> ReadAsync<T>(
        FabricConnection connection, string what, AsyncPageable<T> pages, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : ArmResource
    {
        IAsyncEnumerator<Page<T>> reader = pages.AsPages().GetAsyncEnumerator(cancellationToken);
        await using (reader.ConfigureAwait(false))
        {
            while (await FabricFailures.AskAsync(
                connection, "list", what, async _ => await reader.MoveNextAsync().ConfigureAwait(false), cancellationToken).ConfigureAwait(false))
            {
                if (!RawAnswer.IsPage(reader.Current.GetRawResponse()))
                {
                    throw new FabricException(
                        ErrorCode.FabricFailed, what, $"Could not list '{what}': the answer is no page of a list.", "See whether something else answers at that address.");
                }

                IReadOnlyDictionary<string, Uri> blobs = connection.IsLocal
                    ? RawAnswer.BlobUris(reader.Current.GetRawResponse())
                    : new Dictionary<string, Uri>(StringComparer.Ordinal);
                foreach (T resource in reader.Current.Values)
                {
                    yield return (resource, blobs.GetValueOrDefault(resource.Id.ToString()));
                }
            }
        }
    }
}
