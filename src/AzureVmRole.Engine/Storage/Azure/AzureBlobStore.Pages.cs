using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Azure;
using Azure.Storage;
using Azure.Storage.Blobs.Models;

namespace AzureVmRole.Engine.Storage.Azure;

internal sealed partial class AzureBlobStore
{
    /// <inheritdoc/>
    public Task WritePagesAsync(
        BlobName name, long offset, ReadOnlyMemory<byte> data, BlobConditions conditions, CancellationToken cancellationToken) =>
        CallAsync("write pages of", Show(name), async () =>
        {
            using var content = new MemoryContentStream(data);
            var options = new PageBlobUploadPagesOptions
            {
                Conditions = AzureBlobs.ToConditions(conditions),
                TransferValidation = _traffic.ChecksMd5 ? Checksum(data.Span) : null,
            };
            await PageBlob(name).UploadPagesAsync(content, offset, options, cancellationToken).ConfigureAwait(false);
            return true;
        }, cancellationToken);

    /// <inheritdoc/>
    public Task ClearPagesAsync(BlobName name, long offset, long length, BlobConditions conditions, CancellationToken cancellationToken) =>
        CallAsync("clear pages of", Show(name), async () =>
        {
            await PageBlob(name).ClearPagesAsync(new HttpRange(offset, length), AzureBlobs.ToConditions(conditions), cancellationToken).ConfigureAwait(false);
            return true;
        }, cancellationToken);

    /// <inheritdoc/>
    /// <remarks>"Set Blob Properties" with x-ms-blob-content-length, which would also cut the blob: its length is looked at before, and may not change in between.</remarks>
    public Task ExtendAsync(BlobName name, long length, BlobConditions conditions, CancellationToken cancellationToken) =>
        CallAsync("extend", Show(name), async () =>
        {
            BlobProperties found = await FindAsync(name, null, cancellationToken).ConfigureAwait(false)
                ?? throw new TransferException(ErrorCode.BlobNotFound, Show(name), $"There is no blob '{Show(name)}'.", "Check the name.");
            if (found.Length > length)
            {
                throw new TransferException(
                    ErrorCode.BlobSizeMismatch, Show(name), $"'{Show(name)}' has {found.Length} bytes, and cannot be extended to {length}.", "Give a length that is not smaller.");
            }

            if (found.Length < length)
            {
                PageBlobRequestConditions? unchanged = AzureBlobs.ToConditions(conditions with { IfMatch = conditions.IfMatch ?? found.ETag });
                await PageBlob(name).ResizeAsync(length, unchanged, cancellationToken).ConfigureAwait(false);
            }

            return true;
        }, cancellationToken);

    /// <inheritdoc/>
    public Task CopyPagesAsync(
        BlobName name, long offset, long length, BlobCopySource source, BlobConditions conditions, CancellationToken cancellationToken) =>
        CallAsync("copy pages to", Show(name), async () =>
        {
            var range = new HttpRange(offset, length);
            var options = new PageBlobUploadPagesFromUriOptions
            {
                DestinationConditions = AzureBlobs.ToConditions(conditions),
                SourceConditions = new PageBlobRequestConditions { IfMatch = AzureBlobs.ToTag(source.IfMatch) },
            };
            await PageBlob(name).UploadPagesFromUriAsync(source.Uri, range, range, options, cancellationToken).ConfigureAwait(false);
            return true;
        }, cancellationToken);

    /// <inheritdoc/>
    public Task ReadAsync(
        BlobName name, string? snapshot, long offset, Memory<byte> buffer, BlobConditions conditions, CancellationToken cancellationToken) =>
        CallAsync("read", Show(name, snapshot), async () =>
        {
            await FillAsync(name, snapshot, offset, buffer, conditions, cancellationToken).ConfigureAwait(false);
            return true;
        }, cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<PageRange> ListPageRangesAsync(
        BlobName name, string? snapshot, string? previousSnapshot, long offset, long length, BlobConditions conditions,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (previousSnapshot is not null && _traffic.IsAzurite)
        {
            // It would answer all pages, and nobody would notice.
            throw Lacking("list changed pages of", name);
        }

        var range = new HttpRange(offset, length);
        PageBlobRequestConditions required = AzureBlobs.ToConditions(conditions);
        AsyncPageable<PageRangeItem> pages = previousSnapshot is null
            ? PageBlob(name).GetAllPageRangesAsync(
                new GetPageRangesOptions { Range = range, Snapshot = snapshot, Conditions = required }, cancellationToken)
            : PageBlob(name).GetAllPageRangesDiffAsync(
                new GetPageRangesDiffOptions { Range = range, Snapshot = snapshot, PreviousSnapshot = previousSnapshot, Conditions = required },
                cancellationToken);
        PageRange? pending = null;
        await foreach (PageRangeItem item in StreamAsync("list the pages of", Show(name, snapshot), pages, cancellationToken).ConfigureAwait(false))
        {
            var next = new PageRange(item.Range.Offset, item.Range.Length ?? 0, item.IsClear);
            if (pending is { } last && last.End == next.Offset && last.IsClear == next.IsClear)
            {
                pending = last with { Length = last.Length + next.Length };
                continue;
            }

            if (pending is { } whole)
            {
                yield return whole;
            }

            pending = next;
        }

        if (pending is { } end)
        {
            yield return end;
        }
    }

    [SuppressMessage("Security", "CA5351:Do not use broken cryptographic algorithms", Justification = "The service's checksum against faults.")]
    private static UploadTransferValidationOptions Checksum(ReadOnlySpan<byte> data) => new()
    {
        ChecksumAlgorithm = StorageChecksumAlgorithm.MD5,
        PrecalculatedChecksum = MD5.HashData(data),
    };

    /// <summary>
    /// One ranged GET into the buffer. A body that breaks off is continued by the SDK with the same ETag; one that ends early
    /// without an error (a length that lies) is continued here, with the same ETag, too.
    /// </summary>
    private async Task FillAsync(
        BlobName name, string? snapshot, long offset, Memory<byte> buffer, BlobConditions conditions, CancellationToken cancellationToken)
    {
        BlobRequestConditions required = AzureBlobs.ToConditions(conditions);
        int done = 0;
        for (int tries = 0; done < buffer.Length; tries++)
        {
            if (tries > _times.Count)
            {
                throw Truncated(name, snapshot, offset + done);
            }

            if (tries > 0)
            {
                _log?.WriteDecision($"GET {GetUri(name).AbsolutePath}: the answer ended early; what is missing is asked for again.");
                await Task.Delay(_times.Delay, _clock, cancellationToken).ConfigureAwait(false);
            }

            (int read, ETag tag) = await ReadOnceAsync(name, snapshot, offset + done, buffer[done..], required, cancellationToken).ConfigureAwait(false);
            done += read;
            required.IfMatch = tag;
        }
    }

    private async Task<(int Read, ETag Tag)> ReadOnceAsync(
        BlobName name, string? snapshot, long offset, Memory<byte> buffer, BlobRequestConditions required, CancellationToken cancellationToken)
    {
        var trace = new RequestTrace();
        using IDisposable following = trace.Follow();
        Response<BlobDownloadStreamingResult> answer = await Blob(name, snapshot).DownloadStreamingAsync(
            new BlobDownloadOptions { Range = new HttpRange(offset, buffer.Length), Conditions = required }, cancellationToken).ConfigureAwait(false);
        trace.IsReadingBody = true;
        await using (answer.Value.Content.ConfigureAwait(false))
        {
            BlobDownloadDetails details = answer.Value.Details;
            string start = string.Create(CultureInfo.InvariantCulture, $"bytes {offset}-");
            if (details.ContentRange is null ? offset != 0 : !details.ContentRange.StartsWith(start, StringComparison.Ordinal))
            {
                throw new TransferException(
                    ErrorCode.StoreAnswerInvalid, Show(name, snapshot),
                    $"The answer for '{Show(name, snapshot)}' holds the range '{details.ContentRange}', expected one from byte {offset}.",
                    "Check that no proxy answers in the service's place.");
            }

            int read = await answer.Value.Content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            return (read, details.ETag);
        }
    }

    private TransferException Lacking(string what, BlobName name) => new(
        ErrorCode.StoreUnsupported, Show(name), $"Could not {what} '{Show(name)}': the service does not have this capability (Azurite).");

    private TransferException Truncated(BlobName name, string? snapshot, long offset) => new(
        ErrorCode.StoreAnswerInvalid, Show(name, snapshot),
        $"Could not read '{Show(name, snapshot)}': the answers end early again and again, last at byte {offset}.",
        "Check the network and the proxy.");
}
