namespace AzureVmRole.Engine.Storage;

/// <summary>
/// A place for disks with the semantics of Azure's page blobs ("Blob service REST API"): a folder of this machine, or an
/// account of Azure Blob Storage. Safe for use from many threads, and by many processes at once. Every method throws
/// <see cref="TransferException"/> when the store refuses or cannot be reached; the store has retried by then what can be retried.
/// </summary>
public interface IBlobStore : IAsyncDisposable
{
    /// <summary>The store's address, without a signature.</summary>
    Uri Root { get; }

    /// <summary>Whether a blob can be written from ranges of another one (<see cref="CopyPagesAsync"/>).</summary>
    bool CanCopyPages { get; }

    /// <summary>Whether the store checks what arrives against a checksum, or nothing can change it on the way.</summary>
    bool IsIntegrityProtected { get; }

    /// <summary>The service's clock at its last answer; null when there was none, or when the store goes by this machine's clock.</summary>
    DateTimeOffset? ServiceTime => null;

    /// <summary>How many requests at once the store can use; its answers lower it for a while when it is too busy.</summary>
    ConcurrencyLimit Concurrency { get; }

    /// <summary>A blob's address, without a signature.</summary>
    Uri GetUri(BlobName name);

    /// <summary>The blob that an address as <see cref="GetUri"/> gives it names; null when it is none of this store. Asks nobody: there may be no such blob.</summary>
    BlobName? NameOf(Uri uri);

    /// <summary>Where the same or another service can read a blob: the address with what authorises the copy. Never show it.</summary>
    /// <param name="name">The blob.</param>
    /// <param name="snapshot">The snapshot, or null.</param>
    /// <param name="ifMatch">The ETag that the source has to have, or null.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    Task<BlobCopySource> GetCopySourceAsync(BlobName name, string? snapshot, string? ifMatch, CancellationToken cancellationToken);

    /// <summary>The containers, in order.</summary>
    IAsyncEnumerable<string> ListContainersAsync(CancellationToken cancellationToken);

    /// <summary>Makes a container; nothing happens when it exists.</summary>
    Task CreateContainerAsync(string container, CancellationToken cancellationToken);

    /// <summary>The blobs of a container or of the store, streamed. A container that vanishes or refuses ends the listing with an error.</summary>
    IAsyncEnumerable<BlobProperties> ListAsync(BlobListing listing, CancellationToken cancellationToken);

    /// <summary>A blob's or a snapshot's properties, tags included where they can be read; null when it does not exist.</summary>
    Task<BlobProperties?> FindAsync(BlobName name, string? snapshot, CancellationToken cancellationToken);

    /// <summary>Makes a page blob of zeros, in place of the blob that is there unless <paramref name="conditions"/> forbid it. Snapshots of that one stay.</summary>
    /// <param name="name">The blob.</param>
    /// <param name="length">Its length in bytes, a multiple of 512.</param>
    /// <param name="metadata">Its metadata.</param>
    /// <param name="conditions">What has to hold.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The ETag.</returns>
    Task<string> CreateAsync(
        BlobName name, long length, IReadOnlyDictionary<string, string> metadata, BlobConditions conditions, CancellationToken cancellationToken);

    /// <summary>Writes up to 4 MiB of pages.</summary>
    /// <param name="name">The blob.</param>
    /// <param name="offset">Where, in bytes, a multiple of 512.</param>
    /// <param name="data">What; a multiple of 512 bytes. Not used any more when the task ends.</param>
    /// <param name="conditions">What has to hold.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    Task WritePagesAsync(BlobName name, long offset, ReadOnlyMemory<byte> data, BlobConditions conditions, CancellationToken cancellationToken);

    /// <summary>Makes pages zero; of any length, a multiple of 512 bytes.</summary>
    Task ClearPagesAsync(BlobName name, long offset, long length, BlobConditions conditions, CancellationToken cancellationToken);

    /// <summary>Makes a blob longer; the new pages are zero. Nothing happens when it has that length. Snapshots stay as they are.</summary>
    /// <param name="name">The blob.</param>
    /// <param name="length">Its new length in bytes, a multiple of 512 and not smaller than the old one.</param>
    /// <param name="conditions">What has to hold.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    Task ExtendAsync(BlobName name, long length, BlobConditions conditions, CancellationToken cancellationToken);

    /// <summary>Writes up to 4 MiB of pages from a range of another blob, without the bytes passing through this machine.</summary>
    /// <param name="name">The blob that is written.</param>
    /// <param name="offset">Where, in both blobs.</param>
    /// <param name="length">How many bytes, a multiple of 512.</param>
    /// <param name="source">Where the bytes come from.</param>
    /// <param name="conditions">What has to hold for the blob that is written.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    Task CopyPagesAsync(
        BlobName name, long offset, long length, BlobCopySource source, BlobConditions conditions, CancellationToken cancellationToken);

    /// <summary>Fills a buffer from a blob or a snapshot. The range lies inside the blob.</summary>
    Task ReadAsync(
        BlobName name, string? snapshot, long offset, Memory<byte> buffer, BlobConditions conditions, CancellationToken cancellationToken);

    /// <summary>The pages of a range that were written and not cleared, in order, joined; streamed.</summary>
    /// <param name="name">The blob.</param>
    /// <param name="snapshot">The snapshot, or null.</param>
    /// <param name="previousSnapshot">When given, only what has changed since that snapshot of the same blob, cleared pages marked.</param>
    /// <param name="offset">Where the range starts.</param>
    /// <param name="length">How long it is.</param>
    /// <param name="conditions">What has to hold.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    IAsyncEnumerable<PageRange> ListPageRangesAsync(
        BlobName name, string? snapshot, string? previousSnapshot, long offset, long length, BlobConditions conditions, CancellationToken cancellationToken);

    /// <summary>Replaces the metadata.</summary>
    /// <returns>The new ETag.</returns>
    Task<string> SetMetadataAsync(
        BlobName name, IReadOnlyDictionary<string, string> metadata, BlobConditions conditions, CancellationToken cancellationToken);

    /// <summary>Notes the MD5 of the whole content, as azcopy's --put-md5 does; null takes the one away that is noted.</summary>
    /// <returns>The new ETag.</returns>
    Task<string> SetContentMd5Async(BlobName name, byte[]? contentMd5, BlobConditions conditions, CancellationToken cancellationToken);

    /// <summary>Brings what was written to stable storage. A service has done that before it answered; a folder does it here.</summary>
    Task FlushAsync(BlobName name, CancellationToken cancellationToken);

    /// <summary>Takes a lease, or takes the same lease again (same id).</summary>
    /// <param name="name">The blob.</param>
    /// <param name="leaseId">The id that the lease gets, a GUID in text form.</param>
    /// <param name="duration">15 to 60 seconds; null for a lease without end.</param>
    /// <param name="conditions">What has to hold; the lease id in it is not looked at.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    Task AcquireLeaseAsync(BlobName name, string leaseId, TimeSpan? duration, BlobConditions conditions, CancellationToken cancellationToken);

    /// <summary>Starts a lease's time again.</summary>
    Task RenewLeaseAsync(BlobName name, string leaseId, CancellationToken cancellationToken);

    /// <summary>Gives a lease back.</summary>
    Task ReleaseLeaseAsync(BlobName name, string leaseId, CancellationToken cancellationToken);

    /// <summary>Ends somebody else's lease.</summary>
    /// <param name="name">The blob.</param>
    /// <param name="period">After how long, up to 60 seconds; zero at once.</param>
    /// <param name="conditions">What has to hold.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    Task BreakLeaseAsync(BlobName name, TimeSpan period, BlobConditions conditions, CancellationToken cancellationToken);

    /// <summary>Makes a read-only copy of a blob as it is now.</summary>
    /// <returns>The snapshot's id.</returns>
    Task<string> CreateSnapshotAsync(BlobName name, BlobConditions conditions, CancellationToken cancellationToken);

    /// <summary>Starts to replace a blob by a copy of another one, made by the service; <see cref="FindAsync"/> tells how far it is.</summary>
    /// <param name="name">The blob that is made or replaced.</param>
    /// <param name="source">The blob that is copied.</param>
    /// <param name="metadata">The metadata of the new blob; null for the source's.</param>
    /// <param name="conditions">What has to hold for the blob that is replaced.</param>
    /// <param name="cancellationToken">Ends the work, not the copy.</param>
    /// <returns>The copy's id.</returns>
    Task<string> StartCopyAsync(
        BlobName name, BlobCopySource source, IReadOnlyDictionary<string, string>? metadata, BlobConditions conditions, CancellationToken cancellationToken);

    /// <summary>Ends a pending copy; the blob stays, empty. Nothing happens when the copy has ended.</summary>
    Task AbortCopyAsync(BlobName name, string copyId, BlobConditions conditions, CancellationToken cancellationToken);

    /// <summary>Deletes a blob or one snapshot. A blob with snapshots is refused unless they are to go, too.</summary>
    Task DeleteAsync(BlobName name, string? snapshot, bool withSnapshots, BlobConditions conditions, CancellationToken cancellationToken);

    /// <summary>Restores a deleted blob and its deleted snapshots (soft delete).</summary>
    Task UndeleteAsync(BlobName name, CancellationToken cancellationToken);

    /// <summary>How long a deleted blob can be restored; null when deletion is final or the caller may not know.</summary>
    Task<TimeSpan?> GetDeleteRetentionAsync(CancellationToken cancellationToken);
}
