using AzureVmRole.Engine.Storage.Inspection;

namespace AzureVmRole.Engine.Storage.Publishing;

/// <summary>What there is where a disk is to be published, and what may be done with it.</summary>
/// <param name="Store">The store.</param>
/// <param name="Name">The blob.</param>
/// <param name="Found">What is there; null for nothing.</param>
/// <param name="Journal">The journal on this machine.</param>
internal sealed record UploadPlace(IBlobStore Store, BlobName Name, BlobProperties? Found, UploadJournal Journal)
{
    /// <summary>Whether what is there is a half upload that can be continued.</summary>
    public bool CanContinue { get; private init; }

    /// <summary>Whether a killed predecessor of this machine may hold the lease: trying its id tells.</summary>
    public bool HasJournaledLease { get; private init; }

    /// <summary>The blob as users know it.</summary>
    public string Target => Store.GetUri(Name).AbsoluteUri;

    /// <summary>Looks, and refuses at once what can never end well. Changes nothing.</summary>
    /// <exception cref="TransferException">The blob may not be replaced, or somebody holds it.</exception>
    public static async Task<UploadPlace> FindAsync(
        IBlobStore store, BlobName name, UploadJournal journal, long diskLength, bool overwrite, CancellationToken cancellationToken)
    {
        BlobProperties? found = await store.FindAsync(name, snapshot: null, cancellationToken).ConfigureAwait(false);
        var place = new UploadPlace(store, name, found, journal);
        if (found is null)
        {
            return place;
        }

        bool isUpload = VhdBlobs.StateOf(found) == UploadState.Uploading;
        bool mayBeOwn = isUpload && journal.Entry is not null;
        place.CheckKind(found);
        if (found.LeaseState is BlobLeaseState.Leased or BlobLeaseState.Breaking && !mayBeOwn)
        {
            throw place.Leased(found);
        }

        if (!isUpload && !overwrite)
        {
            throw new TransferException(
                ErrorCode.BlobExists, place.Target, $"'{place.Target}' exists already, a blob of {found.Length} bytes.",
                "Give another name, or add -Overwrite to replace it.");
        }

        // A copy that failed leaves an empty blob, with nothing in it to continue.
        bool isEmptied = found.CopyState is BlobCopyState.Aborted or BlobCopyState.Failed;
        bool fits = found.Length == diskLength + UploadSession.FooterLength;
        if (isUpload && !fits && !isEmptied && !overwrite)
        {
            throw new TransferException(
                ErrorCode.BlobSizeMismatch, place.Target,
                $"'{place.Target}' is the half upload of a disk of {found.Length - UploadSession.FooterLength} bytes, this one has {diskLength} bytes.",
                "Continue it with the disk that it is of, or add -Overwrite to replace it.");
        }

        if (found.CopyState == BlobCopyState.Pending && !(isUpload && fits))
        {
            throw place.Copying(found);
        }

        return place with { CanContinue = isUpload && fits && !isEmptied, HasJournaledLease = mayBeOwn };
    }

    /// <summary>The error about a blob that somebody holds.</summary>
    public TransferException Leased(BlobProperties? blob, Exception? inner = null)
    {
        string holder = (blob is null ? null : VhdBlobs.HolderOf(blob)) ?? "an unknown client";
        return new TransferException(
            ErrorCode.BlobLeased, Target, $"'{Target}' is leased; the holder is: {holder}.",
            AdviceOn(blob), inner);
    }

    private static string AdviceOn(BlobProperties? blob) => blob is null || VhdBlobs.StateOf(blob) != UploadState.Uploading
        ? "Wait until the holder is done, or give another name."
        : blob.LeaseIsInfinite is true
            ? "Wait until the upload is done, or give another name. If it was killed while the base was copied, run it again on its machine, or remove the blob with Remove-VhdBlob -BreakLease."
            : "Wait until the upload is done, or give another name. The lease of an upload that was killed ends by itself within 30 seconds.";

    private TransferException Copying(BlobProperties blob) => new(
        ErrorCode.BlobInUse, Target,
        $"A copy to '{Target}' is under way; who had it made: {VhdBlobs.HolderOf(blob) ?? "an unknown client"}.",
        "Wait until the copy has ended, or give another name.");

    private void CheckKind(BlobProperties found)
    {
        if (found.Kind != BlobKind.PageBlob)
        {
            throw new TransferException(
                ErrorCode.BlobTypeUnsuitable, Target,
                $"'{Target}' exists and is a {(found.Kind == BlobKind.BlockBlob ? "block" : "append")} blob; a disk has to be a page blob.",
                "Remove the blob first, or give another name.");
        }
    }
}
