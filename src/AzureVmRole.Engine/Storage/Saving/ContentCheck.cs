using System.Buffers;
using System.Security.Cryptography;
using AzureVmRole.Disks.Files;
using AzureVmRole.Engine.Storage.Inspection;

namespace AzureVmRole.Engine.Storage.Saving;

/// <summary>Compares what was downloaded with what the uploader noted.</summary>
internal static class ContentCheck
{
    private const int PieceSize = 1 << 20;

    /// <summary>
    /// Checks the content hash that this module notes; where there is none, the MD5 of the whole blob that other tools note.
    /// </summary>
    /// <param name="source">What was downloaded.</param>
    /// <param name="contentHash">The content hash of what has arrived.</param>
    /// <param name="file">What has arrived; without the footer.</param>
    /// <param name="log">Gets what could be checked; null for nobody.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="TransferException">The content is another one.</exception>
    public static void Check(
        StoredDisk source, string contentHash, DiskFile file, IOperationLog? log, CancellationToken cancellationToken)
    {
        if (source.Blob.Metadata.GetValueOrDefault(BlobMetadata.ContentHash) is { Length: > 0 } noted)
        {
            Compare(source, "content hash", noted, contentHash);
            log?.WriteDecision($"'{source.Uri}' was downloaded and has the content hash that was noted for it: {contentHash}.");
        }
        else if (source.Blob.ContentMd5 is { Length: > 0 } md5)
        {
            Compare(source, "Content-MD5", Convert.ToHexStringLower(md5), ComputeMd5(source, file, cancellationToken));
            log?.WriteDecision($"'{source.Uri}' was downloaded and has the Content-MD5 that was noted for it.");
        }
        else
        {
            log?.WriteDecision($"'{source.Uri}' has neither a content hash nor a Content-MD5: what was downloaded could not be compared with what was uploaded.");
        }
    }

    private static void Compare(StoredDisk source, string what, string noted, string found)
    {
        if (!string.Equals(noted, found, StringComparison.OrdinalIgnoreCase))
        {
            throw new TransferException(
                ErrorCode.ContentHashMismatch, source.Uri.ToString(),
                $"What was downloaded of '{source.Uri}' has the {what} {found}, but {noted} was noted for it.",
                "Run the command again. If the same happens, the blob is not what was uploaded: upload it anew.");
        }
    }

    /// <summary>Reads the whole file, as the MD5 of a blob goes over its zeros, too, and its footer.</summary>
    private static string ComputeMd5(StoredDisk source, DiskFile file, CancellationToken cancellationToken)
    {
#pragma warning disable CA5351 // The service and its tools know no other checksum of a whole blob.
        using var md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
#pragma warning restore CA5351
        byte[] buffer = ArrayPool<byte>.Shared.Rent(PieceSize);
        for (long offset = 0; offset < source.DiskLength; offset += PieceSize)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Span<byte> piece = buffer.AsSpan(0, (int)Math.Min(PieceSize, source.DiskLength - offset));
            file.ReadExactly(offset, piece);
            md5.AppendData(piece);
        }

        ArrayPool<byte>.Shared.Return(buffer);
        md5.AppendData(source.Footer.Bytes.Span);
        return Convert.ToHexStringLower(md5.GetHashAndReset());
    }
}
