using AzureVmRole.Disks;
using AzureVmRole.Disks.Vhd;
using AzureVmRole.Engine.Storage.Inspection;

namespace AzureVmRole.Engine.Storage.Publishing;

/// <summary>A base image in a store that is proven to be a member of the local chain.</summary>
/// <param name="Blob">Where it is.</param>
/// <param name="Source">What the store copies it from.</param>
/// <param name="Lower">The member of the local chain.</param>
/// <param name="Identifier">Its unique id.</param>
/// <param name="ContentHash">Its content hash.</param>
internal sealed record PublishedBase(OpenedBlob Blob, BlobCopySource Source, SourceDisk Lower, Guid Identifier, string ContentHash)
{
    /// <summary>Finds the base and checks that it is what the difference was made on.</summary>
    /// <param name="blob">The base's address, opened.</param>
    /// <param name="top">The disk that is published.</param>
    /// <param name="target">Where it goes.</param>
    /// <param name="meterFor">Makes the meter of reading a disk of a length.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="TransferException">The base is a half upload, no disk, or another disk.</exception>
    public static async Task<PublishedBase> FindAsync(
        OpenedBlob blob, SourceDisk top, UploadPlace target, Func<long, TransferMeter> meterFor, CancellationToken cancellationToken)
    {
        BlobName name = blob.RequireBlob();
        string address = VhdBlobs.UriOf(blob.Store, name, blob.Snapshot).AbsoluteUri;
        CheckStores(blob.Store, name, address, target);
        BlobProperties found = await blob.Store.FindAsync(name, blob.Snapshot, cancellationToken).ConfigureAwait(false)
            ?? throw new TransferException(
                ErrorCode.BlobNotFound, address, $"There is no base image '{address}'.", "Publish the base first, or check its address.");
        CheckState(found, address);
        if (found.Length != top.LengthInBytes + UploadSession.FooterLength)
        {
            throw Mismatch(
                address, $"it is a disk of {found.Length - UploadSession.FooterLength} bytes, '{top.Disk.Path}' has {top.LengthInBytes} bytes");
        }

        FixedVhdFooter footer = await ReadFooterAsync(blob, found, address, cancellationToken).ConfigureAwait(false);
        (SourceDisk lower, string hash) = await FindMemberAsync(top, footer, found, address, meterFor, cancellationToken).ConfigureAwait(false);
        BlobCopySource source = await blob.Store.GetCopySourceAsync(name, blob.Snapshot, found.ETag, cancellationToken).ConfigureAwait(false);
        return new PublishedBase(blob, source, lower, footer.Identifier, hash);
    }

    /// <summary>The error about a base that is no longer the one that was found; null while it is.</summary>
    /// <param name="cause">What failed.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<TransferException?> DescribeChangeAsync(Exception cause, CancellationToken cancellationToken)
    {
        BlobName name = Blob.RequireBlob();
        BlobProperties? now = await Blob.Store.FindAsync(name, Blob.Snapshot, cancellationToken).ConfigureAwait(false);
        if (now is not null && now.ETag == Source.IfMatch)
        {
            return null;
        }

        string address = VhdBlobs.UriOf(Blob.Store, name, Blob.Snapshot).AbsoluteUri;
        string state = now is null ? "was deleted" : $"was changed: its ETag is {now.ETag}, expected {Source.IfMatch}";
        return new TransferException(
            ErrorCode.BaseImageMismatch, address, $"The base image '{address}' {state}, before it could be copied.",
            "Find out who writes there, publish the base again if it is no longer what it was, and run the command again.", cause);
    }

    private static void CheckStores(IBlobStore store, BlobName name, string address, UploadPlace target)
    {
        if (store.Root.IsFile != target.Store.Root.IsFile)
        {
            throw new TransferException(
                ErrorCode.StoreUnsupported, address,
                $"The base image '{address}' and the target '{target.Target}' are in stores of different kinds, so that no store can copy one to the other.",
                "Publish the base to the target's store first, or publish the disk without a base image.");
        }

        if (store.GetUri(name) == target.Store.GetUri(target.Name))
        {
            throw new TransferException(
                ErrorCode.AddressInvalid, address, $"The base image '{address}' is the target, too.", "Give the published disk a name of its own.");
        }
    }

    private static void CheckState(BlobProperties found, string address)
    {
        if (found.Kind != BlobKind.PageBlob)
        {
            throw new TransferException(
                ErrorCode.BlobTypeUnsuitable, address, $"'{address}' is no page blob, so it is no base image.",
                "Publish the base with Publish-BaseVhd, and give the address of that.");
        }

        if (VhdBlobs.StateOf(found) == UploadState.Uploading || found.CopyState is not (BlobCopyState.None or BlobCopyState.Success))
        {
            throw new TransferException(
                ErrorCode.UploadIncomplete, address, $"The base image '{address}' is a half upload.",
                "Finish it: run Publish-BaseVhd for the base again.");
        }
    }

    private static async Task<FixedVhdFooter> ReadFooterAsync(
        OpenedBlob blob, BlobProperties found, string address, CancellationToken cancellationToken)
    {
        byte[] bytes = new byte[FixedVhdFooter.SizeInBytes];
        long length = found.Length - bytes.Length;
        BlobConditions conditions = blob.Snapshot is null ? new BlobConditions { IfMatch = found.ETag } : default;
        await blob.Store.ReadAsync(found.Name, blob.Snapshot, length, bytes, conditions, cancellationToken).ConfigureAwait(false);
        return FixedVhdFooter.TryParse(bytes, length, out FixedVhdFooter? footer, out string? problem)
            ? footer
            : throw new TransferException(
                ErrorCode.BlobTypeUnsuitable, address, $"The base image '{address}' is no fixed VHD: {problem}.",
                "Publish the base with Publish-BaseVhd, and give the address of that.");
    }

    private static async Task<(SourceDisk Lower, string Hash)> FindMemberAsync(
        SourceDisk top, FixedVhdFooter footer, BlobProperties found, string address, Func<long, TransferMeter> meterFor, CancellationToken cancellationToken)
    {
        string noted = found.Metadata.GetValueOrDefault(BlobMetadata.ContentHash) ?? throw Mismatch(
            address, "no content hash is noted with it, because this module has not published it or its metadata was replaced");
        var seen = new List<string>();
        for (VirtualDisk? member = top.Disk.Parent; member is not null; member = member.Parent)
        {
            if (member.Identifier != footer.Identifier && member.Identifier != Guid.Empty)
            {
                seen.Add($"'{member.Path}' is {member.Identifier}");
                continue;
            }

            var lower = new SourceDisk(member);
            string hash = await LocalContent.HashAsync(lower, meterFor(lower.LengthInBytes), cancellationToken).ConfigureAwait(false);
            if (hash == noted && FooterSeal.IdentifierOf(member, hash) == footer.Identifier)
            {
                return (lower, hash);
            }

            seen.Add($"'{member.Path}' has the content hash {hash}");
        }

        throw Mismatch(
            address,
            $"it is the disk {footer.Identifier} with the content hash {noted}, and no parent of '{top.Disk.Path}' is that disk: {(seen.Count == 0 ? "it has no parent" : string.Join(", ", seen))}");
    }

    private static TransferException Mismatch(string address, string difference) => new(
        ErrorCode.BaseImageMismatch, address, $"The base image '{address}' does not fit: {difference}.",
        "Publish the base that the difference was made on, or publish the disk without a base image.");
}
