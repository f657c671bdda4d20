using System.Globalization;
using AzureVmRole.Engine.Storage.Inspection;

namespace AzureVmRole.Engine.Storage.Publishing;

/// <summary>How an upload gets hold of its blob. Of several that try at once, one gets it and the others learn who.</summary>
internal sealed class UploadOpening(
    UploadPlace place, long diskLength, IReadOnlyDictionary<string, string> notes, TimeProvider clock)
{
    /// <summary>More requests than a killed process has under way.</summary>
    private const int LateWrites = 64;

    private readonly string _uploader = string.Create(
        CultureInfo.InvariantCulture,
        $"{Printable(Environment.UserName)} on {Printable(Environment.MachineName)}, process {Environment.ProcessId}, since {clock.GetUtcNow():yyyy-MM-dd HH:mm:ss}Z");

    /// <summary>Makes the blob, in place of the one that was found.</summary>
    public async Task<UploadSession> CreateAsync(CancellationToken cancellationToken)
    {
        await GiveBackAsync(cancellationToken).ConfigureAwait(false);
        BlobConditions conditions = place.Found is { } old ? new BlobConditions { IfMatch = old.ETag } : new BlobConditions { MustNotExist = true };
        UploadJournalEntry entry = NewEntry();
        Dictionary<string, string> marker = MarkerFor(entry);

        // First: a home that cannot be written to is no reason to lose the blob that is replaced.
        place.Journal.Write(entry);
        bool isMade = false;
        try
        {
            await CreateBlobAsync(marker, conditions, cancellationToken).ConfigureAwait(false);
            isMade = true;
            UploadLease lease = await UploadLease.TakeAsync(
                place.Store, place.Name, entry.LeaseId, default, clock, cancellationToken).ConfigureAwait(false);
            return UploadSession.Start(place, diskLength, lease, marker);
        }
        catch (TransferException exception) when (IsRace(exception))
        {
            throw await DescribeRaceAsync(exception, cancellationToken).ConfigureAwait(false);
        }
        catch (TransferException) when (!isMade)
        {
            place.Journal.Complete();
            throw;
        }
    }

    /// <summary>Continues the half upload that was found.</summary>
    public async Task<UploadSession> ContinueAsync(CancellationToken cancellationToken)
    {
        UploadJournalEntry entry = NewEntry();
        if (place is { HasJournaledLease: true, Journal.Entry: { } own })
        {
            // While the service copies, only the lease that it was given with the copy will do, and nothing else can be written.
            entry = place.Found?.CopyState == BlobCopyState.Pending ? own : own with { LeaseId = entry.LeaseId };
            if (entry != own)
            {
                await GiveBackAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        place.Journal.Write(entry);
        UploadLease? lease = null;
        try
        {
            (lease, BlobProperties? found) = await TakeOverAsync(entry, cancellationToken).ConfigureAwait(false);
            var marker = new Dictionary<string, string>(found?.Metadata ?? MarkerFor(entry), StringComparer.OrdinalIgnoreCase)
            {
                [BlobMetadata.UploadId] = entry.UploadId,
                [BlobMetadata.Uploader] = _uploader,
            };
            var session = UploadSession.Resume(place, diskLength, lease, marker, found?.CopyState == BlobCopyState.Pending);
            if (!session.IsBeingCopied)
            {
                await session.NoteTakenOverAsync(cancellationToken).ConfigureAwait(false);
            }

            lease = null;
            return session;
        }
        catch (TransferException exception) when (IsRace(exception))
        {
            throw await DescribeRaceAsync(exception, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (lease is not null)
            {
                await lease.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>
    /// Ends the lease of a predecessor of this machine. The next one gets another id: what the predecessor had sent may still arrive, and carries the old one.
    /// </summary>
    private async Task GiveBackAsync(CancellationToken cancellationToken)
    {
        if (place is not { HasJournaledLease: true, Found.LeaseState: BlobLeaseState.Leased, Journal.Entry: { } own })
        {
            return;
        }

        try
        {
            await place.Store.ReleaseLeaseAsync(place.Name, own.LeaseId, cancellationToken).ConfigureAwait(false);
        }
        catch (TransferException exception) when (IsRace(exception))
        {
            // It has ended, or is somebody else's: whoever takes the next one learns which.
        }
    }

    /// <summary>
    /// Takes the lease on exactly what was found. What a killed predecessor had sent may still arrive and change the blob in
    /// between; as long as it is that predecessor's upload, looking again is enough.
    /// </summary>
    private async Task<(UploadLease Lease, BlobProperties? Found)> TakeOverAsync(UploadJournalEntry entry, CancellationToken cancellationToken)
    {
        BlobProperties? found = place.Found;
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                UploadLease lease = await UploadLease.TakeAsync(
                    place.Store, place.Name, entry.LeaseId, new BlobConditions { IfMatch = found?.ETag }, clock, cancellationToken).ConfigureAwait(false);
                return (lease, found);
            }
            catch (TransferException exception)
                when (exception.Code == ErrorCode.BlobChanged && place.HasJournaledLease && attempt < LateWrites)
            {
                found = await place.Store.FindAsync(place.Name, snapshot: null, cancellationToken).ConfigureAwait(false);
                if (found?.Metadata.GetValueOrDefault(BlobMetadata.UploadId) != entry.UploadId)
                {
                    throw;
                }
            }
        }
    }

    private static UploadJournalEntry NewEntry() =>
        new("", Guid.NewGuid().ToString("D"), Guid.NewGuid().ToString("D"));

    private static bool IsRace(TransferException exception) => exception.Code
        is ErrorCode.BlobExists or ErrorCode.BlobChanged or ErrorCode.BlobLeased or ErrorCode.LeaseLost;

    /// <summary>Metadata travels in headers, which take no other characters.</summary>
    private static string Printable(string text) =>
        string.Concat(text.Select(character => character is >= ' ' and <= '~' ? character : '?'));

    private async Task CreateBlobAsync(
        Dictionary<string, string> marker, BlobConditions conditions, CancellationToken cancellationToken)
    {
        long length = diskLength + UploadSession.FooterLength;
        try
        {
            await place.Store.CreateAsync(place.Name, length, marker, conditions, cancellationToken).ConfigureAwait(false);
        }
        catch (TransferException exception) when (exception.Code == ErrorCode.ContainerNotFound)
        {
            await place.Store.CreateContainerAsync(place.Name.Container, cancellationToken).ConfigureAwait(false);
            await place.Store.CreateAsync(place.Name, length, marker, conditions, cancellationToken).ConfigureAwait(false);
        }
    }

    private Dictionary<string, string> MarkerFor(UploadJournalEntry entry) => new(notes, StringComparer.OrdinalIgnoreCase)
    {
        [BlobMetadata.State] = BlobMetadata.Uploading,
        [BlobMetadata.UploadId] = entry.UploadId,
        [BlobMetadata.Uploader] = _uploader,
    };

    private async Task<TransferException> DescribeRaceAsync(TransferException exception, CancellationToken cancellationToken)
    {
        place.Journal.Complete();
        BlobProperties? now = await place.Store.FindAsync(place.Name, snapshot: null, cancellationToken).ConfigureAwait(false);
        return now is null ? exception : VhdBlobs.StateOf(now) switch
        {
            UploadState.Uploading => place.Leased(now, exception),
            UploadState.Complete when exception.Code == ErrorCode.BlobChanged => new TransferException(
                ErrorCode.BlobExists, place.Target, $"'{place.Target}' exists by now: another upload has completed it in the meantime.",
                "Give another name, or add -Overwrite to replace it.", exception),
            _ => exception,
        };
    }
}
