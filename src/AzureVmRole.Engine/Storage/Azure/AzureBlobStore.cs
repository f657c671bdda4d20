using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace AzureVmRole.Engine.Storage.Azure;

/// <summary>An account of Azure Blob Storage, or Azurite.</summary>
internal sealed partial class AzureBlobStore : IBlobStore
{
    private readonly Uri _endpoint;
    private readonly AzureAuthorization _authorization;
    private readonly AzureTraffic _traffic;
    private readonly AzureErrors _errors;
    private readonly AzureRetryTimes _times;
    private readonly IOperationLog? _log;
    private readonly TimeProvider _clock;
    private readonly HttpClient _http;
    private readonly BlobServiceClient _client;

    public AzureBlobStore(Uri endpoint, AzureAuthorization authorization, StoreConnection connection, TimeProvider clock, AzureRetryTimes times)
    {
        _endpoint = endpoint;
        _authorization = authorization;
        _log = connection.Log;
        _clock = clock;
        _times = times;
        Concurrency = CreateLimit(connection.NumberOfThreads);
        _traffic = new AzureTraffic(Concurrency, connection.Log, endpoint.IsLoopback);
        _errors = new AzureErrors(authorization, clock.GetUtcNow);
        _http = AzurePipeline.CreateHttpClient(endpoint, Concurrency.Maximum);
        _client = AzurePipeline.CreateClient(endpoint, authorization, _http, _traffic, times);
    }

    /// <inheritdoc/>
    public Uri Root => _endpoint;

    /// <summary>Azure can; Azurite answers 501 Not Implemented. Known from the Server header of the first answer, Azure assumed before.</summary>
    public bool CanCopyPages => !_traffic.IsAzurite;

    /// <summary>Azure compares each Put Page with its Content-MD5; TLS and the loopback device change nothing on the way.</summary>
    public bool IsIntegrityProtected => _traffic.ChecksMd5 || _endpoint.IsLoopback || _endpoint.Scheme == Uri.UriSchemeHttps;

    /// <inheritdoc/>
    public DateTimeOffset? ServiceTime => _traffic.ServiceTime;

    /// <inheritdoc/>
    public ConcurrencyLimit Concurrency { get; }

    /// <inheritdoc/>
    public Uri GetUri(BlobName name) => new(
        $"{_endpoint.AbsoluteUri.TrimEnd('/')}/{name.Container}/{string.Join('/', name.Name.Split('/').Select(Uri.EscapeDataString))}");

    /// <inheritdoc/>
    public BlobName? NameOf(Uri uri)
    {
        string root = _endpoint.AbsoluteUri.TrimEnd('/') + "/";
        string[] parts = uri.IsAbsoluteUri && uri.Query.Length == 0 && uri.AbsoluteUri.StartsWith(root, StringComparison.Ordinal)
            ? uri.AbsoluteUri[root.Length..].Split('/', 2)
            : [];
        return parts is [{ Length: > 0 } container, { Length: > 0 } name]
            ? new BlobName(container, string.Join('/', name.Split('/').Select(Uri.UnescapeDataString)))
            : null;
    }

    /// <inheritdoc/>
    public async Task<BlobProperties?> FindAsync(BlobName name, string? snapshot, CancellationToken cancellationToken)
    {
        BlobBaseClient blob = Blob(name, snapshot);
        Response<global::Azure.Storage.Blobs.Models.BlobProperties>? found = await CallAsync("look at", Show(name, snapshot), async () =>
        {
            try
            {
                return await blob.GetPropertiesAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
            }
            catch (RequestFailedException exception) when (exception.Status == 404)
            {
                return null;
            }
        }, cancellationToken).ConfigureAwait(false);
        if (found is null)
        {
            return null;
        }

        BlobProperties properties = AzureBlobs.From(name, snapshot, found.Value);
        return found.Value.TagCount > 0
            ? await AddTagsAsync(properties, blob, cancellationToken).ConfigureAwait(false)
            : properties;
    }

    /// <inheritdoc/>
    public async Task<string> CreateAsync(
        BlobName name, long length, IReadOnlyDictionary<string, string> metadata, BlobConditions conditions, CancellationToken cancellationToken)
    {
        var options = new PageBlobCreateOptions { Metadata = ToMetadata(metadata), Conditions = AzureBlobs.ToConditions(conditions) };
        try
        {
            return await ChangeAsync("create", name, metadata, async () =>
            {
                Response<BlobContentInfo> made = await PageBlob(name).CreateAsync(length, options, cancellationToken).ConfigureAwait(false);
                return made.Value.ETag;
            }, cancellationToken).ConfigureAwait(false);
        }
        catch (TransferException exception) when (conditions.MustNotExist && exception.Code == ErrorCode.BlobChanged)
        {
            throw new TransferException(
                ErrorCode.BlobExists, exception.Target.ToString()!, $"Could not create '{exception.Target}': the blob exists.", "Use -Overwrite to replace it.")
            {
                Status = exception.Status,
                ServiceCode = exception.ServiceCode,
                RequestId = exception.RequestId,
            };
        }
    }

    /// <inheritdoc/>
    public Task<string> SetMetadataAsync(
        BlobName name, IReadOnlyDictionary<string, string> metadata, BlobConditions conditions, CancellationToken cancellationToken) =>
        ChangeAsync("set the metadata of", name, metadata, async () =>
        {
            Response<BlobInfo> changed = await PageBlob(name)
                .SetMetadataAsync(ToMetadata(metadata), AzureBlobs.ToConditions(conditions), cancellationToken).ConfigureAwait(false);
            return changed.Value.ETag;
        }, cancellationToken);

    /// <inheritdoc/>
    public Task<string> SetContentMd5Async(BlobName name, byte[]? contentMd5, BlobConditions conditions, CancellationToken cancellationToken) =>
        CallAsync("set the checksum of", Show(name), async () =>
        {
            Response<BlobInfo> changed = await PageBlob(name).SetHttpHeadersAsync(
                new BlobHttpHeaders { ContentHash = contentMd5, ContentType = "application/octet-stream" },
                AzureBlobs.ToConditions(conditions), cancellationToken).ConfigureAwait(false);
            return changed.Value.ETag.ToString();
        }, cancellationToken);

    /// <inheritdoc/>
    public Task FlushAsync(BlobName name, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task DeleteAsync(BlobName name, string? snapshot, bool withSnapshots, BlobConditions conditions, CancellationToken cancellationToken)
    {
        var trace = new RequestTrace();
        DeleteSnapshotsOption option = withSnapshots && snapshot is null ? DeleteSnapshotsOption.IncludeSnapshots : DeleteSnapshotsOption.None;
        return CallAsync("delete", Show(name, snapshot), async () =>
        {
            using IDisposable following = trace.Follow();
            try
            {
                await Blob(name, snapshot).DeleteAsync(option, AzureBlobs.ToConditions(conditions), cancellationToken).ConfigureAwait(false);
            }
            catch (RequestFailedException exception) when (exception.Status is 404 or 409 or 412 && trace.HasLostAnswer)
            {
                // The try whose answer was lost may have deleted it; a condition on a blob that is gone is answered 412, too.
                if (exception.Status != 404 && await FindAsync(name, snapshot, cancellationToken).ConfigureAwait(false) is not null)
                {
                    throw;
                }
            }

            return true;
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>
    /// A given number of threads is kept to exactly. Otherwise it starts at 4 a core (at most 8) and grows with good answers to
    /// 8 a core (at most 32: each holds up to 4 MiB); a service on this machine shares its cores, so more than 8 only queue.
    /// </summary>
    private ConcurrencyLimit CreateLimit(int? threads)
    {
        if (threads is { } given)
        {
            return new ConcurrencyLimit(given, given);
        }

        int cores = Environment.ProcessorCount;
        return new ConcurrencyLimit(Math.Min(8, 4 * cores), _endpoint.IsLoopback ? 8 : Math.Min(32, 8 * cores));
    }

    private static Dictionary<string, string> ToMetadata(IReadOnlyDictionary<string, string> metadata) => new(metadata, StringComparer.OrdinalIgnoreCase);

    private PageBlobClient PageBlob(BlobName name) => _client.GetBlobContainerClient(name.Container).GetPageBlobClient(name.Name);

    private BlobBaseClient Blob(BlobName name, string? snapshot)
    {
        BlobBaseClient blob = _client.GetBlobContainerClient(name.Container).GetBlobBaseClient(name.Name);
        return snapshot is null ? blob : blob.WithSnapshot(snapshot);
    }

    private string Show(BlobName name, string? snapshot = null) => snapshot is null
        ? GetUri(name).AbsoluteUri
        : $"{GetUri(name).AbsoluteUri}?snapshot={Uri.EscapeDataString(snapshot)}";

    private async Task<BlobProperties> AddTagsAsync(BlobProperties properties, BlobBaseClient blob, CancellationToken cancellationToken)
    {
        try
        {
            Response<GetBlobTagResult> tags = await CallAsync(
                "read the tags of", Show(properties.Name), () => blob.GetTagsAsync(cancellationToken: cancellationToken), cancellationToken).ConfigureAwait(false);
            return properties with { Tags = AzureBlobs.Copy(tags.Value.Tags, StringComparer.Ordinal) };
        }
        catch (TransferException exception) when (exception.Code is ErrorCode.AuthorizationFailed or ErrorCode.AuthenticationFailed)
        {
            return properties with { AreTagsUnread = true };
        }
    }

    /// <summary>
    /// A change of the metadata under a condition. When an answer was lost and the next try finds the condition broken, the
    /// blob tells whether it was the lost try that broke it: then it has exactly the metadata that was to be set.
    /// </summary>
    private Task<string> ChangeAsync(
        string what, BlobName name, IReadOnlyDictionary<string, string> metadata, Func<Task<ETag>> change, CancellationToken cancellationToken)
    {
        var trace = new RequestTrace();
        return CallAsync(what, Show(name), async () =>
        {
            using IDisposable following = trace.Follow();
            try
            {
                return (await change().ConfigureAwait(false)).ToString();
            }
            catch (RequestFailedException exception) when (exception.Status is 409 or 412 && trace.HasLostAnswer)
            {
                BlobProperties? found = await FindAsync(name, snapshot: null, cancellationToken).ConfigureAwait(false);
                if (found is not null && HasExactly(found.Metadata, metadata))
                {
                    return found.ETag;
                }

                throw;
            }
        }, cancellationToken);
    }

    private static bool HasExactly(IReadOnlyDictionary<string, string> found, IReadOnlyDictionary<string, string> expected) =>
        expected.ContainsKey(BlobMetadata.UploadId) && found.Count == expected.Count
        && expected.All(pair => found.TryGetValue(pair.Key, out string? value) && value == pair.Value);

    /// <summary>Who holds the lease, as far as the metadata tells; null where it does not, or cannot be read.</summary>
    private async Task<string?> FindHolderAsync(string target, CancellationToken cancellationToken)
    {
        if (BlobAddress.Parse(target) is not { Container: { } container, Name: { } name })
        {
            return null;
        }

        try
        {
            BlobProperties? found = await FindAsync(new BlobName(container, name), snapshot: null, cancellationToken).ConfigureAwait(false);
            return found?.Metadata.GetValueOrDefault(BlobMetadata.LeaseHolder) ?? found?.Metadata.GetValueOrDefault(BlobMetadata.Uploader);
        }
        catch (TransferException)
        {
            return null;
        }
    }

    private async Task<T> CallAsync<T>(string what, string target, Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not TransferException && cancellationToken.IsCancellationRequested)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw;
        }
        catch (Exception exception) when (AzureErrors.IsKnown(exception))
        {
            TransferException mapped = _errors.Map(exception, what, target);
            string? holder = mapped.Code == ErrorCode.BlobLeased ? await FindHolderAsync(target, cancellationToken).ConfigureAwait(false) : null;
#pragma warning disable MA0054 // The cause may repeat a signature: AzureErrors keeps what is fit to be shown.
            throw holder is null ? mapped : AzureErrors.NameHolder(mapped, holder);
#pragma warning restore MA0054
        }
    }
}
