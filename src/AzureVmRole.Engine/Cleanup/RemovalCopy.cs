using System.Globalization;
using AzureVmRole.Engine.Storage;

namespace AzureVmRole.Engine.Cleanup;

/// <summary>
/// Copies a blob to the container of removed blobs before it is deleted. A snapshot would not do: the service deletes it with
/// its blob ("Delete Blob"), and where soft delete keeps it, it keeps the blob as well.
/// </summary>
internal sealed class RemovalCopy(IBlobStore store, TimeProvider timeProvider)
{
    /// <summary>Where copies go. What is removed from here is not copied again.</summary>
    public const string Container = "azvmrole-removed";

    /// <summary>The blob that was copied.</summary>
    public const string OriginKey = "azvmrole_removedfrom";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Makes the copy and waits for its end.</summary>
    /// <param name="blob">The blob.</param>
    /// <param name="tickAsync">Called while waiting.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The copy, as <c>container/name</c>; null for a blob that is such a copy.</returns>
    /// <exception cref="TransferException">There is no good copy.</exception>
    public async Task<string?> MakeAsync(HeldBlob blob, Func<Task> tickAsync, CancellationToken cancellationToken)
    {
        if (blob.Name.Container == Container)
        {
            return null;
        }

        await store.CreateContainerAsync(Container, cancellationToken).ConfigureAwait(false);
        BlobCopySource source = await store.GetCopySourceAsync(blob.Name, snapshot: null, blob.Item.ETag, cancellationToken).ConfigureAwait(false);
        BlobName copy = NameOf(blob.Name);
        await store.StartCopyAsync(
            copy, source, await MetadataAsync(blob, cancellationToken).ConfigureAwait(false), new BlobConditions { MustNotExist = true },
            cancellationToken).ConfigureAwait(false);
        BlobProperties? made = await store.FindAsync(copy, snapshot: null, cancellationToken).ConfigureAwait(false);
        while (made is { CopyState: BlobCopyState.Pending })
        {
            await Task.Delay(Interval, timeProvider, cancellationToken).ConfigureAwait(false);
            await tickAsync().ConfigureAwait(false);
            made = await store.FindAsync(copy, snapshot: null, cancellationToken).ConfigureAwait(false);
        }

        if (made is not { CopyState: BlobCopyState.Success } || made.Length != blob.Item.Length)
        {
            throw new TransferException(
                ErrorCode.CopyFailed, blob.Item.Name,
                $"The copy of '{blob.Name}' to '{copy}' ended as {made?.CopyState.ToString() ?? "nothing"}: {made?.CopyDescription}.",
                "Look at the store, then run the removal again; the blob was not deleted.");
        }

        await store.FlushAsync(copy, cancellationToken).ConfigureAwait(false);
        return copy.ToString();
    }

    private async Task<IReadOnlyDictionary<string, string>> MetadataAsync(HeldBlob blob, CancellationToken cancellationToken)
    {
        BlobProperties found = await store.FindAsync(blob.Name, snapshot: null, cancellationToken).ConfigureAwait(false)
            ?? throw new TransferException(ErrorCode.BlobNotFound, blob.Item.Name, $"There is no blob '{blob.Name}' any more.");
        return new Dictionary<string, string>(found.Metadata, StringComparer.OrdinalIgnoreCase)
        {
            [OriginKey] = Uri.EscapeDataString(blob.Name.ToString()),
        };
    }

    private BlobName NameOf(BlobName name)
    {
        string time = timeProvider.GetUtcNow().UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        string stem = name.Name[..^Path.GetExtension(name.Name).Length];
        return new BlobName(Container, $"{name.Container}/{stem}.{time}-{Guid.NewGuid().ToString("N")[..8]}.vhd");
    }
}
