using System.Globalization;

namespace AzureVmRole.Engine.Storage.Publishing;

/// <summary>A blob that is being uploaded: it carries the marker of a half upload, and this process holds its lease.</summary>
internal sealed class UploadSession : IAsyncDisposable
{
    /// <summary>The footer of a fixed VHD.</summary>
    public const int FooterLength = 512;

    private readonly Dictionary<string, string> _marker;
    private readonly UploadLease _lease;

    private UploadSession(UploadPlace place, long diskLength, UploadLease lease, Dictionary<string, string> marker)
    {
        Place = place;
        DiskLength = diskLength;
        _lease = lease;
        _marker = marker;
    }

    /// <summary>Where the upload goes.</summary>
    public UploadPlace Place { get; }

    /// <summary>The store.</summary>
    public IBlobStore Store => Place.Store;

    /// <summary>The blob.</summary>
    public BlobName Name => Place.Name;

    /// <summary>The length of the disk, without the footer.</summary>
    public long DiskLength { get; }

    /// <summary>What is sent.</summary>
    public UploadTally Tally { get; } = new();

    /// <summary>Whether an interrupted upload is continued.</summary>
    public bool IsResumed { get; private set; }

    /// <summary>Whether the store was still copying a base when the upload was taken over: before that ends, nothing can be written.</summary>
    public bool IsBeingCopied { get; private set; }

    /// <summary>The metadata that the blob carries now.</summary>
    public IReadOnlyDictionary<string, string> Marker => _marker;

    /// <summary>What keeps others from the blob.</summary>
    public UploadLease Lease => _lease;

    /// <summary>Cancelled when somebody else has taken the blob.</summary>
    public CancellationToken Lost => _lease.Lost;

    /// <summary>What lets requests through.</summary>
    public BlobConditions Held => new() { LeaseId = _lease.Id };

    /// <summary>Takes the blob: makes it, or continues with it.</summary>
    /// <param name="place">Where.</param>
    /// <param name="diskLength">The length of the disk, without the footer.</param>
    /// <param name="notes">What the marker of a new blob tells beside the upload.</param>
    /// <param name="clock">The clock of the lease.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static async Task<UploadSession> OpenAsync(
        UploadPlace place, long diskLength, IReadOnlyDictionary<string, string> notes, TimeProvider clock, CancellationToken cancellationToken)
    {
        var opening = new UploadOpening(place, diskLength, notes, clock);
        return place.CanContinue
            ? await opening.ContinueAsync(cancellationToken).ConfigureAwait(false)
            : await opening.CreateAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes pages, when there is a place for a request.</summary>
    public async Task WriteAsync(long offset, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        await Store.Concurrency.AcquireAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await Store.WritePagesAsync(Name, offset, data, Held, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Store.Concurrency.Release();
        }

        Tally.NoteSent(data.Length);
    }

    /// <summary>Makes pages zero.</summary>
    public async Task ClearAsync(PageRange range, CancellationToken cancellationToken)
    {
        await Store.Concurrency.AcquireAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await Store.ClearPagesAsync(Name, range.Offset, range.Length, Held, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Store.Concurrency.Release();
        }

        Tally.NoteSent(0);
    }

    /// <summary>Reads from the blob.</summary>
    public async Task ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        await Store.Concurrency.AcquireAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await Store.ReadAsync(Name, snapshot: null, offset, buffer, default, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Store.Concurrency.Release();
        }
    }

    /// <summary>Whether an MD5 of the whole content is noted with the blob.</summary>
    public async Task<bool> HasContentMd5Async(CancellationToken cancellationToken) =>
        await Store.FindAsync(Name, snapshot: null, cancellationToken).ConfigureAwait(false) is { ContentMd5.Length: > 0 };

    /// <summary>The pages that the blob holds, in order.</summary>
    public PageCursor OpenPages(long offset, CancellationToken cancellationToken) => new(
        Store.ListPageRangesAsync(
            Name, snapshot: null, previousSnapshot: null, offset, DiskLength - offset, default, cancellationToken),
        offset, cancellationToken);

    /// <summary>Notes in the blob who continues the upload. A copy that was waited for has ended by now.</summary>
    public async Task NoteTakenOverAsync(CancellationToken cancellationToken)
    {
        await Store.SetMetadataAsync(Name, _marker, Held, cancellationToken).ConfigureAwait(false);
        IsBeingCopied = false;
    }

    /// <summary>Notes how far the upload has come, so that whoever continues it need not read the blob back.</summary>
    public async Task NoteCheckpointAsync(long offset, string hash, CancellationToken cancellationToken)
    {
        await Store.FlushAsync(Name, cancellationToken).ConfigureAwait(false);
        _marker[BlobMetadata.Checkpoint] = string.Create(CultureInfo.InvariantCulture, $"{offset}:{hash}");
        await Store.SetMetadataAsync(Name, _marker, Held, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makes the blob empty again: what it holds is of no use.</summary>
    /// <param name="notes">What the marker tells beside the upload.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task StartAnewAsync(IReadOnlyDictionary<string, string> notes, CancellationToken cancellationToken)
    {
        foreach (string key in new[] { BlobMetadata.Checkpoint, BlobMetadata.PatchGoal, BlobMetadata.BaseContentHash, BlobMetadata.BaseIdentifier })
        {
            _marker.Remove(key);
        }

        foreach ((string key, string value) in notes)
        {
            _marker[key] = value;
        }

        if (IsBeingCopied)
        {
            await AbortCopyAsync(cancellationToken).ConfigureAwait(false);
        }

        await Store.CreateAsync(Name, DiskLength + FooterLength, _marker, Held, cancellationToken).ConfigureAwait(false);
        IsResumed = false;
    }

    /// <summary>The error about a blob that somebody else took while this upload ran; a store that lets nobody renew a lease is told as that.</summary>
    public async Task<TransferException> DescribeLossAsync(Exception cause)
    {
        if (_lease.Loss is { Code: not (ErrorCode.LeaseLost or ErrorCode.BlobLeased or ErrorCode.BlobNotFound) } refusal)
        {
            return refusal;
        }

        BlobProperties? now = null;
        bool isKnown = false;
        try
        {
            now = await Store.FindAsync(Name, snapshot: null, CancellationToken.None).ConfigureAwait(false);
            isKnown = true;
        }
        catch (TransferException)
        {
            // The loss is what is told; who has the blob now stays unknown.
        }

        string holder = now switch
        {
            null when !isKnown => "unknown, the store does not tell",
            null => "nobody, the blob is gone",
            { LeaseState: BlobLeaseState.Leased or BlobLeaseState.Breaking } => Inspection.VhdBlobs.HolderOf(now) ?? "an unknown client",
            _ => "nobody any more",
        };
        return new TransferException(
            ErrorCode.LeaseLost, Place.Target, $"The lease on '{Place.Target}' was lost while the upload ran; the holder is now: {holder}.",
            "Let one upload at a time go to a blob. Run the command again when the other one is done.", _lease.Loss ?? cause);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _lease.DisposeAsync();

    internal static UploadSession Start(UploadPlace place, long diskLength, UploadLease lease, Dictionary<string, string> marker) =>
        new(place, diskLength, lease, marker);

    internal static UploadSession Resume(
        UploadPlace place, long diskLength, UploadLease lease, Dictionary<string, string> marker, bool isBeingCopied) =>
        new(place, diskLength, lease, marker) { IsResumed = true, IsBeingCopied = isBeingCopied };

    private async Task AbortCopyAsync(CancellationToken cancellationToken)
    {
        if (await Store.FindAsync(Name, snapshot: null, cancellationToken).ConfigureAwait(false) is { CopyState: BlobCopyState.Pending, CopyId: { } id })
        {
            await Store.AbortCopyAsync(Name, id, Held, cancellationToken).ConfigureAwait(false);
        }

        IsBeingCopied = false;
    }
}
