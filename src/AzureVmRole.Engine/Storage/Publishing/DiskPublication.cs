using AzureVmRole.Disks;
using AzureVmRole.Disks.Files;
using AzureVmRole.Engine.Images;

namespace AzureVmRole.Engine.Storage.Publishing;

/// <summary>Uploads disks.</summary>
public static class DiskPublication
{
    /// <summary>
    /// Uploads a disk of any readable format, or a chain, as the fixed VHD that it stands for. Only data travels. The blob has
    /// no footer, and so is no disk, until everything else is there.
    /// </summary>
    /// <param name="options">What is published where.</param>
    /// <param name="progress">Gets how far it has come; called from several threads.</param>
    /// <param name="cancellationToken">Ends the work; what was sent stays, and the next attempt goes on from there.</param>
    /// <exception cref="DiskFormatException">The disk, or a parent, breaks the rules of its format.</exception>
    /// <exception cref="DiskOperationException">The disk cannot be opened, or is not fit for Azure.</exception>
    /// <exception cref="TransferException">The blob or the store does not allow it.</exception>
    public static Task<PublishedVhd> PublishAsync(
        PublishOptions options, IProgress<TransferProgress>? progress, CancellationToken cancellationToken) => Task.Run(
        () => PublishCoreAsync(options with { SourcePath = DiskPath.Resolve(options.SourcePath) }, progress, cancellationToken),
        cancellationToken);

    private static async Task<PublishedVhd> PublishCoreAsync(
        PublishOptions options, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        using VirtualDisk disk = VirtualDiskFile.Open(options.SourcePath);
        ReadinessGate.Check(disk, options);
        var source = new SourceDisk(disk);
        OpenedBlob target = BlobStores.Open(options.Destination, options.Connection, mayCreate: true);
        await using (target.Store.ConfigureAwait(false))
        {
            BlobName name = RequireWritable(target, disk);
            Uri uri = target.Store.GetUri(name);
            using UploadJournal journal = UploadJournal.TryOpen(options.UploadsPath, uri)
                ?? throw await DescribeOtherAsync(target.Store, name, cancellationToken).ConfigureAwait(false);
            UploadPlace place = await UploadPlace.FindAsync(
                target.Store, name, journal, source.LengthInBytes, options.Overwrite, cancellationToken).ConfigureAwait(false);
            return await new Publication(options, source, place, progress).RunAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static BlobName RequireWritable(OpenedBlob target, VirtualDisk disk)
    {
        BlobName name = target.RequireBlob();
        Uri uri = target.Store.GetUri(name);
        if (target.Snapshot is not null)
        {
            throw new TransferException(
                ErrorCode.AddressInvalid, uri.AbsoluteUri, $"'{uri}' names the snapshot {target.Snapshot}, which cannot be written to.",
                "Give the address without the snapshot.");
        }

        if (uri.IsFile)
        {
            ChainMembers.ThrowIfMember(disk, uri.LocalPath);
        }

        return name;
    }

    private static async Task<TransferException> DescribeOtherAsync(
        IBlobStore store, BlobName name, CancellationToken cancellationToken)
    {
        BlobProperties? found = await store.FindAsync(name, snapshot: null, cancellationToken).ConfigureAwait(false);
        string holder = (found is null ? null : Inspection.VhdBlobs.HolderOf(found)) ?? "another process of this machine";
        string target = store.GetUri(name).AbsoluteUri;
        return new TransferException(
            ErrorCode.BlobLeased, target, $"'{target}' is being uploaded to from this machine; the holder is: {holder}.",
            "Wait until that upload has ended, or give another name.");
    }
}
