using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace AzureVmRole.Engine.Storage.Azure;

internal sealed partial class AzureBlobStore
{
    /// <inheritdoc/>
    public Task AcquireLeaseAsync(
        BlobName name, string leaseId, TimeSpan? duration, BlobConditions conditions, CancellationToken cancellationToken) =>
        CallAsync("take a lease on", Show(name), async () =>
        {
            // The id is the caller's, so a try whose answer was lost is simply done again.
            await PageBlob(name).GetBlobLeaseClient(leaseId).AcquireAsync(
                duration ?? BlobLeaseClient.InfiniteLeaseDuration, WithoutLease(conditions), cancellationToken).ConfigureAwait(false);
            return true;
        }, cancellationToken);

    /// <inheritdoc/>
    public Task RenewLeaseAsync(BlobName name, string leaseId, CancellationToken cancellationToken) =>
        CallAsync("renew the lease on", Show(name), async () =>
        {
            await PageBlob(name).GetBlobLeaseClient(leaseId).RenewAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
            return true;
        }, cancellationToken);

    /// <inheritdoc/>
    public Task ReleaseLeaseAsync(BlobName name, string leaseId, CancellationToken cancellationToken)
    {
        var trace = new RequestTrace();
        return CallAsync("release the lease on", Show(name), async () =>
        {
            using IDisposable following = trace.Follow();
            try
            {
                await PageBlob(name).GetBlobLeaseClient(leaseId).ReleaseAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
            }
            catch (RequestFailedException exception) when (exception.Status == 409 && trace.HasLostAnswer)
            {
                // The try whose answer was lost gave it back.
            }

            return true;
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public Task BreakLeaseAsync(BlobName name, TimeSpan period, BlobConditions conditions, CancellationToken cancellationToken) =>
        CallAsync("break the lease on", Show(name), async () =>
        {
            await PageBlob(name).GetBlobLeaseClient().BreakAsync(period, WithoutLease(conditions), cancellationToken).ConfigureAwait(false);
            return true;
        }, cancellationToken);

    /// <inheritdoc/>
    public Task<string> CreateSnapshotAsync(BlobName name, BlobConditions conditions, CancellationToken cancellationToken) =>
        CallAsync("make a snapshot of", Show(name), async () =>
        {
            Response<BlobSnapshotInfo> made = await PageBlob(name)
                .CreateSnapshotAsync(conditions: AzureBlobs.ToConditions(conditions), cancellationToken: cancellationToken).ConfigureAwait(false);
            return made.Value.Snapshot;
        }, cancellationToken);

    /// <inheritdoc/>
    public Task UndeleteAsync(BlobName name, CancellationToken cancellationToken) =>
        CallAsync("restore", Show(name), async () =>
        {
            await PageBlob(name).UndeleteAsync(cancellationToken).ConfigureAwait(false);
            return true;
        }, cancellationToken);

    /// <inheritdoc/>
    public async Task<TimeSpan?> GetDeleteRetentionAsync(CancellationToken cancellationToken)
    {
        try
        {
            Response<BlobServiceProperties> found = await CallAsync(
                "read the settings of", _endpoint.AbsoluteUri, () => _client.GetPropertiesAsync(cancellationToken), cancellationToken).ConfigureAwait(false);
            BlobRetentionPolicy? policy = found.Value.DeleteRetentionPolicy;
            return policy is { Enabled: true, Days: { } days } ? TimeSpan.FromDays(days) : null;
        }
        catch (TransferException exception) when (exception.Code is ErrorCode.AuthorizationFailed or ErrorCode.AuthenticationFailed or ErrorCode.StoreUnsupported)
        {
            return null;
        }
    }

    private static RequestConditions WithoutLease(BlobConditions conditions) => new()
    {
        IfMatch = AzureBlobs.ToTag(conditions.IfMatch),
        IfNoneMatch = conditions.MustNotExist ? ETag.All : null,
    };
}
