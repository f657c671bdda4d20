using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Sas;

namespace AzureVmRole.Engine.Storage.Azure;

internal sealed partial class AzureBlobStore
{
    /// <summary>The other service reads for as long as the copy runs, which may be a day across regions; a delegation key lasts 7 days at most.</summary>
    private static readonly TimeSpan SourceLifetime = TimeSpan.FromDays(2);

    /// <inheritdoc/>
    public async Task<BlobCopySource> GetCopySourceAsync(BlobName name, string? snapshot, string? ifMatch, CancellationToken cancellationToken)
    {
        string? signature = _authorization.Signature ?? await SignAsync(name, snapshot, cancellationToken).ConfigureAwait(false);
        string query = string.Join('&', new[] { snapshot is null ? null : $"snapshot={Uri.EscapeDataString(snapshot)}", signature }.Where(static part => part is not null));
        return new BlobCopySource(new UriBuilder(GetUri(name)) { Query = query }.Uri, name, snapshot, ifMatch);
    }

    /// <inheritdoc/>
    public Task<string> StartCopyAsync(
        BlobName name, BlobCopySource source, IReadOnlyDictionary<string, string>? metadata, BlobConditions conditions, CancellationToken cancellationToken)
    {
        if (SharesPagesWithCopies(source) && source.Name is { } from)
        {
            return CopyOverSnapshotAsync(name, from, source.IfMatch, metadata, conditions, cancellationToken);
        }

        var trace = new RequestTrace();
        var options = new BlobCopyFromUriOptions
        {
            Metadata = metadata is null ? null : ToMetadata(metadata),
            SourceConditions = AzureBlobs.ToSourceConditions(source.IfMatch),
            DestinationConditions = AzureBlobs.ToConditions(conditions),
        };
        return CallAsync("start a copy to", Show(name), async () =>
        {
            using IDisposable following = trace.Follow();
            try
            {
                CopyFromUriOperation copy = await PageBlob(name).StartCopyFromUriAsync(source.Uri, options, cancellationToken).ConfigureAwait(false);
                return copy.Id;
            }
            catch (RequestFailedException exception) when (exception.Status is 409 or 412 && trace.HasLostAnswer)
            {
                // The try whose answer was lost may have started it: then the blob names this source.
                if (await FindCopyAsync(name, source, cancellationToken).ConfigureAwait(false) is { } id)
                {
                    return id;
                }

                throw;
            }
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public Task AbortCopyAsync(BlobName name, string copyId, BlobConditions conditions, CancellationToken cancellationToken) =>
        CallAsync("abort the copy to", Show(name), async () =>
        {
            try
            {
                await PageBlob(name).AbortCopyFromUriAsync(
                    copyId, new BlobRequestConditions { LeaseId = conditions.LeaseId }, cancellationToken).ConfigureAwait(false);
            }
            catch (RequestFailedException exception) when (exception.ErrorCode == BlobErrorCode.NoPendingCopyOperation)
            {
                // It has ended by itself.
            }

            return true;
        }, cancellationToken);

    private async Task<string?> FindCopyAsync(BlobName name, BlobCopySource source, CancellationToken cancellationToken)
    {
        Response<global::Azure.Storage.Blobs.Models.BlobProperties> found =
            await PageBlob(name).GetPropertiesAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        return found.Value.CopySource is { } copied && copied.GetLeftPart(UriPartial.Path) == source.Uri.GetLeftPart(UriPartial.Path)
            ? found.Value.CopyId
            : null;
    }

    /// <summary>A signature that only reads this blob. With Azure AD it takes a delegation key; without the right to one, copies within the account still work.</summary>
    private async Task<string?> SignAsync(BlobName name, string? snapshot, CancellationToken cancellationToken)
    {
        DateTimeOffset expiry = _clock.GetUtcNow() + SourceLifetime;
        var builder = new BlobSasBuilder(BlobSasPermissions.Read, expiry)
        {
            BlobContainerName = name.Container,
            BlobName = name.Name,
            Snapshot = snapshot,
            Resource = snapshot is null ? "b" : "bs",
            Protocol = _endpoint.Scheme == Uri.UriSchemeHttps ? SasProtocol.Https : SasProtocol.HttpsAndHttp,
        };
        if (_authorization.SharedKey is { } key)
        {
            return builder.ToSasQueryParameters(key).ToString();
        }

        try
        {
            Response<UserDelegationKey> delegated = await CallAsync(
                "get a delegation key of", _endpoint.AbsoluteUri,
                () => _client.GetUserDelegationKeyAsync(startsOn: null, expiry, cancellationToken), cancellationToken).ConfigureAwait(false);
            return builder.ToSasQueryParameters(delegated.Value, _client.AccountName).ToString();
        }
        catch (TransferException exception) when (exception.Code == ErrorCode.AuthorizationFailed)
        {
            _log?.WriteDecision($"'{_endpoint.AbsoluteUri}' gives you no delegation key: copies stay within the account.");
            return null;
        }
    }
}
