using AzureVmRole.Disks.Vhd;

namespace AzureVmRole.Engine.Storage.Publishing;

/// <summary>One upload, from the look at the target to the footer.</summary>
internal sealed class Publication(PublishOptions options, SourceDisk source, UploadPlace place, IProgress<TransferProgress>? progress)
{
    private readonly long _started = options.Clock.GetTimestamp();

    /// <summary>Uploads the disk.</summary>
    public async Task<PublishedVhd> RunAsync(CancellationToken cancellationToken)
    {
        if (options.BaseImage is not { } address)
        {
            return await PublishAsync(lower: null, wholeHash: null, cancellationToken).ConfigureAwait(false);
        }

        OpenedBlob blob = BlobStores.Open(address, options.Connection);
        await using (blob.Store.ConfigureAwait(false))
        {
            PublishedBase lower = await PublishedBase.FindAsync(
                blob, source, place, length => Meter("Reading base image", length), cancellationToken).ConfigureAwait(false);
            string hash = await LocalContent.HashAsync(
                source, Meter("Reading disk", source.LengthInBytes), cancellationToken).ConfigureAwait(false);
            return await PublishAsync(lower, hash, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<PublishedVhd> PublishAsync(PublishedBase? lower, string? wholeHash, CancellationToken cancellationToken)
    {
        UploadSession session = await UploadSession.OpenAsync(
            place, source.LengthInBytes, MarkerOf(lower, wholeHash), options.Clock, cancellationToken).ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            if (session.IsResumed)
            {
                options.Connection.Log?.WriteDecision($"'{place.Target}' is a half upload; what it holds already is compared and kept.");
            }

            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, session.Lost);
            try
            {
                return await FillAndCloseAsync(session, lower, wholeHash, stop.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException exception)
            {
                cancellationToken.ThrowIfCancellationRequested();
                throw await session.DescribeLossAsync(exception).ConfigureAwait(false);
            }
            catch (TransferException exception)
                when (exception.Code is ErrorCode.LeaseLost or ErrorCode.BlobLeased or ErrorCode.BlobNotFound or ErrorCode.BlobChanged)
            {
                throw await session.DescribeLossAsync(exception).ConfigureAwait(false);
            }
        }
    }

    private static Dictionary<string, string> MarkerOf(PublishedBase? lower, string? wholeHash) => lower is null || wholeHash is null
        ? []
        : new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            [BlobMetadata.BaseIdentifier] = lower.Identifier.ToString("D"),
            [BlobMetadata.BaseContentHash] = lower.ContentHash,
            [BlobMetadata.PatchGoal] = wholeHash,
        };

    private async Task<PublishedVhd> FillAndCloseAsync(
        UploadSession session, PublishedBase? lower, string? wholeHash, CancellationToken cancellationToken)
    {
        bool isResumed = session.IsResumed;
        string hash;
        try
        {
            hash = await FillAsync(session, lower, wholeHash, cancellationToken).ConfigureAwait(false);
        }
        catch (TransferException exception)
            when (exception.Code == ErrorCode.UploadOfOtherDisk && options.Overwrite)
        {
            options.Connection.Log?.WriteDecision($"{exception.Message} It is started anew.");
            await session.StartAnewAsync(MarkerOf(lower, wholeHash), cancellationToken).ConfigureAwait(false);
            isResumed = false;
            hash = await FillAsync(session, lower, wholeHash, cancellationToken).ConfigureAwait(false);
        }

        source.ThrowIfChanged();
        await session.Store.FlushAsync(session.Name, cancellationToken).ConfigureAwait(false);
        bool isVerified = options.Verify || !session.Store.IsIntegrityProtected;
        if (isVerified)
        {
            await BlobContent.RequireAsync(
                session, hash, Meter("Verifying upload", source.LengthInBytes), cancellationToken).ConfigureAwait(false);
        }

        FixedVhdFooter footer = FooterSeal.FooterFor(source, hash);
        await SettleContentMd5Async(session, footer, cancellationToken).ConfigureAwait(false);
        string etag = await FooterSeal.CloseAsync(
            session, footer, FinalMetadata(session, footer, hash, lower), cancellationToken).ConfigureAwait(false);
        place.Journal.Complete();
        return Describe(session, footer, hash, etag, isResumed, isVerified);
    }

    /// <summary>An MD5 that came with the copy of a base, or from an earlier attempt, is that of another blob.</summary>
    private async Task SettleContentMd5Async(UploadSession session, FixedVhdFooter footer, CancellationToken cancellationToken)
    {
        byte[]? md5 = options.SetContentMd5
            ? await ContentMd5.ComputeAsync(
                source, footer.Bytes, Meter("Computing MD5", source.LengthInBytes), cancellationToken).ConfigureAwait(false)
            : null;
        source.ThrowIfChanged();
        bool mayHaveOther = options.BaseImage is not null || session.IsResumed;
        if (md5 is not null || (mayHaveOther && await session.HasContentMd5Async(cancellationToken).ConfigureAwait(false)))
        {
            await session.Store.SetContentMd5Async(session.Name, md5, session.Held, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<string> FillAsync(
        UploadSession session, PublishedBase? lower, string? wholeHash, CancellationToken cancellationToken)
    {
        if (session.IsResumed)
        {
            await RequireSameGoalAsync(session, lower, wholeHash, cancellationToken).ConfigureAwait(false);
        }

        TransferMeter meter = Meter("Uploading disk", source.LengthInBytes);
        if (lower is null || wholeHash is null)
        {
            using var upload = new DataUpload(session, source, options, meter);
            return await upload.RunAsync(cancellationToken).ConfigureAwait(false);
        }

        var copy = new BaseCopy(session, lower, options.Clock, Meter("Copying base image", source.LengthInBytes));
        bool wasCopied = await copy.EnsureAsync(cancellationToken).ConfigureAwait(false);
        await new PatchUpload(session, source, lower.Lower, meter).RunAsync(wasCopied, cancellationToken).ConfigureAwait(false);
        return wholeHash;
    }

    /// <summary>A half patch is only continued as the same patch: what it has changed is not known otherwise.</summary>
    private static async Task RequireSameGoalAsync(
        UploadSession session, PublishedBase? lower, string? wholeHash, CancellationToken cancellationToken)
    {
        string? goal = session.Marker.GetValueOrDefault(BlobMetadata.PatchGoal);
        string? lowerHash = session.Marker.GetValueOrDefault(BlobMetadata.BaseContentHash);
        if (goal != wholeHash || lowerHash != lower?.ContentHash)
        {
            throw RunComparison.OtherDisk(
                session,
                $"it is made {(lowerHash is null ? "without a base image" : $"from the base with the content hash {lowerHash}, to become {goal}")}");
        }

        if (session.IsBeingCopied)
        {
            return;
        }

        // An attempt that ended right before its last step has written the footer already.
        await session.ClearAsync(
            new PageRange(session.DiskLength, UploadSession.FooterLength), cancellationToken).ConfigureAwait(false);
    }

    private static Dictionary<string, string> FinalMetadata(
        UploadSession session, FixedVhdFooter footer, string hash, PublishedBase? lower)
    {
        var metadata = new Dictionary<string, string>(session.Marker, StringComparer.OrdinalIgnoreCase)
        {
            [BlobMetadata.State] = BlobMetadata.Complete,
            [BlobMetadata.ContentHash] = hash,
            [BlobMetadata.DiskIdentifier] = footer.Identifier.ToString("D"),
        };
        foreach (string key in new[] { BlobMetadata.Checkpoint, BlobMetadata.PatchGoal, BlobMetadata.Uploader, BlobMetadata.UploadId })
        {
            metadata.Remove(key);
        }

        if (lower is null)
        {
            metadata.Remove(BlobMetadata.BaseIdentifier);
            metadata.Remove(BlobMetadata.BaseContentHash);
        }

        return metadata;
    }

    private TransferMeter Meter(string activity, long total) => new(progress, activity, total);

    private PublishedVhd Describe(
        UploadSession session, FixedVhdFooter footer, string hash, string etag, bool isResumed, bool isVerified) => new()
    {
        LocalFilePath = source.Disk.Path,
        Name = session.Name.ToString(),
        Uri = session.Store.GetUri(session.Name),
        Size = source.LengthInBytes,
        DiskIdentifier = footer.Identifier,
        ContentHash = hash,
        ETag = etag,
        BytesSent = session.Tally.BytesSent,
        BytesKept = session.Tally.BytesKept,
        Requests = session.Tally.Requests,
        IsResumed = isResumed,
        IsVerified = isVerified,
        Duration = options.Clock.GetElapsedTime(_started),
    };
}
