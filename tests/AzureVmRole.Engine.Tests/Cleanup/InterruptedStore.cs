using System.Runtime.CompilerServices;
using AzureVmRole.Engine.Storage;

namespace AzureVmRole.Engine.Tests.Cleanup;

/// <summary>A real store between whose calls something happens.</summary>
/// <param name="inner">The real store.</param>
/// <param name="onCallAsync">Runs before each call.</param>
internal sealed class InterruptedStore(IBlobStore inner, Func<StoreCall, Task> onCallAsync) : IBlobStore
{
    private int _count;

    public DateTimeOffset? ServiceTime { get; set; }

    /// <summary>Whether a deletion takes snapshots with it and any content, as a store would that breaks the protocol.</summary>
    public bool IgnoresConditions { get; init; }

    public Uri Root => inner.Root;

    public bool CanCopyPages => inner.CanCopyPages;

    public bool IsIntegrityProtected => inner.IsIntegrityProtected;

    public ConcurrencyLimit Concurrency => inner.Concurrency;

    /// <summary>The blobs that were deleted, in order.</summary>
    public List<BlobName> Deleted { get; } = [];

    /// <summary>How many calls there were.</summary>
    public int CallCount => _count;

    public Uri GetUri(BlobName name) => inner.GetUri(name);

    public BlobName? NameOf(Uri uri) => inner.NameOf(uri);

    public Task ExtendAsync(BlobName name, long length, BlobConditions conditions, CancellationToken cancellationToken) =>
        inner.ExtendAsync(name, length, conditions, cancellationToken);

    public async Task<BlobCopySource> GetCopySourceAsync(BlobName name, string? snapshot, string? ifMatch, CancellationToken cancellationToken)
    {
        await CallAsync(nameof(GetCopySourceAsync), name);
        return await inner.GetCopySourceAsync(name, snapshot, ifMatch, cancellationToken);
    }

    public IAsyncEnumerable<string> ListContainersAsync(CancellationToken cancellationToken) => inner.ListContainersAsync(cancellationToken);

    public Task CreateContainerAsync(string container, CancellationToken cancellationToken) => inner.CreateContainerAsync(container, cancellationToken);

    public async IAsyncEnumerable<BlobProperties> ListAsync(BlobListing listing, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        BlobName? about = listing.Prefix is null ? null : new BlobName(listing.Container ?? "", listing.Prefix);
        await CallAsync(nameof(ListAsync), about);
        await foreach (BlobProperties blob in inner.ListAsync(listing, cancellationToken))
        {
            yield return blob;
            await CallAsync("Next", about);
        }
    }

    public async Task<BlobProperties?> FindAsync(BlobName name, string? snapshot, CancellationToken cancellationToken)
    {
        await CallAsync(nameof(FindAsync), name);
        return await inner.FindAsync(name, snapshot, cancellationToken);
    }

    public Task<string> CreateAsync(
        BlobName name, long length, IReadOnlyDictionary<string, string> metadata, BlobConditions conditions, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("A search or removal makes no blob.");

    public Task WritePagesAsync(BlobName name, long offset, ReadOnlyMemory<byte> data, BlobConditions conditions, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("A search or removal writes no pages.");

    public Task ClearPagesAsync(BlobName name, long offset, long length, BlobConditions conditions, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("A search or removal clears no pages.");

    public Task CopyPagesAsync(
        BlobName name, long offset, long length, BlobCopySource source, BlobConditions conditions, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("A search or removal copies no pages.");

    public Task ReadAsync(
        BlobName name, string? snapshot, long offset, Memory<byte> buffer, BlobConditions conditions, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("A search or removal reads no pages.");

    public IAsyncEnumerable<PageRange> ListPageRangesAsync(
        BlobName name, string? snapshot, string? previousSnapshot, long offset, long length, BlobConditions conditions, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("A search or removal lists no pages.");

    public Task<string> SetMetadataAsync(
        BlobName name, IReadOnlyDictionary<string, string> metadata, BlobConditions conditions, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("A search or removal sets no metadata.");

    public Task<string> SetContentMd5Async(BlobName name, byte[]? contentMd5, BlobConditions conditions, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("A search or removal sets no properties.");

    public Task FlushAsync(BlobName name, CancellationToken cancellationToken) => inner.FlushAsync(name, cancellationToken);

    public async Task AcquireLeaseAsync(
        BlobName name, string leaseId, TimeSpan? duration, BlobConditions conditions, CancellationToken cancellationToken)
    {
        await CallAsync(nameof(AcquireLeaseAsync), name);
        await inner.AcquireLeaseAsync(name, leaseId, duration, conditions, cancellationToken);
    }

    public async Task RenewLeaseAsync(BlobName name, string leaseId, CancellationToken cancellationToken)
    {
        await CallAsync(nameof(RenewLeaseAsync), name);
        await inner.RenewLeaseAsync(name, leaseId, cancellationToken);
    }

    public async Task ReleaseLeaseAsync(BlobName name, string leaseId, CancellationToken cancellationToken)
    {
        await CallAsync(nameof(ReleaseLeaseAsync), name);
        await inner.ReleaseLeaseAsync(name, leaseId, cancellationToken);
    }

    public async Task BreakLeaseAsync(BlobName name, TimeSpan period, BlobConditions conditions, CancellationToken cancellationToken)
    {
        await CallAsync(nameof(BreakLeaseAsync), name);
        await inner.BreakLeaseAsync(name, period, conditions, cancellationToken);
    }

    public Task<string> CreateSnapshotAsync(BlobName name, BlobConditions conditions, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("A search or removal takes no snapshots.");

    public async Task<string> StartCopyAsync(
        BlobName name, BlobCopySource source, IReadOnlyDictionary<string, string>? metadata, BlobConditions conditions, CancellationToken cancellationToken)
    {
        await CallAsync(nameof(StartCopyAsync), name);
        return await inner.StartCopyAsync(name, source, metadata, conditions, cancellationToken);
    }

    public Task AbortCopyAsync(BlobName name, string copyId, BlobConditions conditions, CancellationToken cancellationToken) =>
        inner.AbortCopyAsync(name, copyId, conditions, cancellationToken);

    public async Task DeleteAsync(BlobName name, string? snapshot, bool withSnapshots, BlobConditions conditions, CancellationToken cancellationToken)
    {
        await CallAsync(nameof(DeleteAsync), name);
        BlobConditions checkedOnes = IgnoresConditions ? conditions with { IfMatch = null } : conditions;
        await inner.DeleteAsync(name, snapshot, withSnapshots || IgnoresConditions, checkedOnes, cancellationToken);
        Deleted.Add(name);
    }

    public Task UndeleteAsync(BlobName name, CancellationToken cancellationToken) => inner.UndeleteAsync(name, cancellationToken);

    public async Task<TimeSpan?> GetDeleteRetentionAsync(CancellationToken cancellationToken)
    {
        await CallAsync(nameof(GetDeleteRetentionAsync), null);
        return await inner.GetDeleteRetentionAsync(cancellationToken);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private Task CallAsync(string method, BlobName? blob) => onCallAsync(new StoreCall(_count++, method, blob));
}
