using AzureVmRole.Disks;
using AzureVmRole.Disks.Copying;
using AzureVmRole.Disks.Editing;
using AzureVmRole.Disks.Files;
using AzureVmRole.Disks.Raw;
using AzureVmRole.Disks.Vhd;
using AzureVmRole.Engine.Images;
using AzureVmRole.Engine.Storage.Inspection;

namespace AzureVmRole.Engine.Storage.Saving;

/// <summary>Downloads a disk from a store.</summary>
public static class DiskSave
{
    /// <summary>
    /// Downloads a disk: only its data, into a sparse file, and checks it against the hash that was noted when it was uploaded.
    /// A fixed VHD is the blob as it is, footer included. A dynamic VHD or a VHDX keeps the disk's unique id; it is written from
    /// a temporary fixed VHD beside it, so that the volume needs room for both.
    /// </summary>
    /// <param name="options">What becomes what.</param>
    /// <param name="progress">Gets how far it has come; called from several threads.</param>
    /// <param name="cancellationToken">Ends the work; the next run for the same file continues it.</param>
    /// <exception cref="TransferException">The source is no disk, was changed meanwhile, or the store refuses.</exception>
    /// <exception cref="DiskOperationException">The file cannot be made.</exception>
    public static Task<BaseVhd> SaveAsync(SaveOptions options, IProgress<TransferProgress>? progress, CancellationToken cancellationToken) =>
        Task.Run(() => SaveCoreAsync(options with { DestinationPath = DiskPath.Resolve(options.DestinationPath) }, progress, cancellationToken), cancellationToken);

    private static async Task<BaseVhd> SaveCoreAsync(
        SaveOptions options, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        string path = options.DestinationPath;
        OutputFile.CheckTarget(path, options.Overwrite);
        DiskLeftovers.Settle(path, options.Overwrite);
        OpenedBlob opened = BlobStores.Open(options.Source, options.Connection);
        await using (opened.ConfigureAwait(false))
        {
            StoredDisk source = await StoredDisk.OpenAsync(
                opened.Store, opened.RequireBlob(), opened.Snapshot, cancellationToken).ConfigureAwait(false);
            DiskTarget target = MakeTarget(options, source);
            bool isDownloadedAsItIs = target is { Type: VhdType.Fixed, Format: VhdFormat.Vhd or VhdFormat.Raw };
            if (target is not { Type: VhdType.Fixed, Format: VhdFormat.Vhd })
            {
                target.Validate();
            }

            DataMap map = await DataMap.ReadAsync(source, cancellationToken).ConfigureAwait(false);
            long fileLength = isDownloadedAsItIs && target.Format == VhdFormat.Raw ? source.DiskLength : source.Blob.Length;
            using (var partial = PartialDisk.Open(source, fileLength, path, options.Overwrite, options.Connection.Log))
            {
                RequireSpace(partial, map, isDownloadedAsItIs);
                await DownloadAsync(source, map, partial, options.Connection.Log, progress, cancellationToken).ConfigureAwait(false);
                if (isDownloadedAsItIs)
                {
                    await partial.CommitAsync(cancellationToken).ConfigureAwait(false);
                }
            }

            if (!isDownloadedAsItIs)
            {
                await WriteFromAsync(options, target, progress, cancellationToken).ConfigureAwait(false);
            }
        }

        return Describe(options);
    }

    /// <summary>A raw file is what it was written as: the guest may have put another format's signature where its disk starts.</summary>
    private static BaseVhd Describe(SaveOptions options)
    {
        if ((options.Format ?? ImageFile.FormatOf(options.DestinationPath)) != VhdFormat.Raw)
        {
            return DiskDescription.Describe(options.DestinationPath);
        }

        using var disk = new RawDisk(DiskFile.OpenRead(options.DestinationPath));
        return DiskDescription.Describe(disk);
    }

    private static DiskTarget MakeTarget(SaveOptions options, StoredDisk source) => new()
    {
        Path = options.DestinationPath,
        Format = options.Format ?? ImageFile.FormatOf(options.DestinationPath),
        Type = options.Type,
        SizeInBytes = source.DiskLength,
        Identifier = source.Footer.Identifier,
    };

    private static void RequireSpace(PartialDisk partial, DataMap map, bool isDownloadedAsItIs)
    {
        long missing = Math.Max(0, map.DataLength + FixedVhdFooter.SizeInBytes - partial.File.GetAllocatedLength());
        VolumeSpace.Require(partial.File.ShownPath, isDownloadedAsItIs ? missing : missing + map.DataLength);
    }

    /// <summary>Downloads, checks, and puts the footer where there is to be one.</summary>
    private static async Task DownloadAsync(
        StoredDisk source, DataMap map, PartialDisk partial, IOperationLog? log, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        try
        {
            using var download = new Download(source, map, partial, progress);
            string contentHash = await download.RunAsync(cancellationToken).ConfigureAwait(false);
            log?.WriteDecision($"Of '{source.Uri}' {download.BytesRead} bytes were downloaded, {download.BytesKept} were here already.");
            ContentCheck.Check(source, contentHash, partial.File, log, cancellationToken);
        }
        catch (TransferException exception) when (exception.Code is ErrorCode.ContentHashMismatch or ErrorCode.BlobChanged)
        {
            // What is there is of no use to any later run.
            partial.Discard();
            throw;
        }

        if (partial.File.Length > source.DiskLength)
        {
            partial.File.Write(source.DiskLength, source.Footer.Bytes.Span);
        }
    }

    private static async Task WriteFromAsync(
        SaveOptions options, DiskTarget target, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        using (VirtualDisk disk = VirtualDiskFile.Open(PartialDisk.PathFor(target.Path)))
        {
            await new ImageFile(target, options.Overwrite).CopyFromAsync(disk, progress, cancellationToken).ConfigureAwait(false);
        }

        PartialDisk.Delete(target.Path);
    }
}
