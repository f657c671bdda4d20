using AzureVmRole.Engine.Storage;

namespace AzureVmRole.Engine.Cleanup;

/// <summary>
/// The leases of a removal: timed, so that a killed one leaves nothing locked. One that runs out unnoticed does no harm: a
/// deletion that names an ended lease is refused.
/// </summary>
internal sealed class RemovalLeases(IBlobStore store, TimeProvider timeProvider)
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RenewAfter = TimeSpan.FromSeconds(15);

    /// <summary>Takes the lease of a blob, if it still is what the report has.</summary>
    public async Task AcquireAsync(HeldBlob blob, CancellationToken cancellationToken)
    {
        var conditions = new BlobConditions { IfMatch = blob.Item.ETag };
        await store.AcquireLeaseAsync(blob.Name, blob.LeaseId, Duration, conditions, cancellationToken).ConfigureAwait(false);
        blob.RenewedAt = timeProvider.GetTimestamp();
    }

    /// <summary>Ends somebody else's lease at once, if the blob still is what the report has.</summary>
    public Task BreakAsync(BlobName name, string eTag, CancellationToken cancellationToken) =>
        store.BreakLeaseAsync(name, TimeSpan.Zero, new BlobConditions { IfMatch = eTag }, cancellationToken);

    /// <summary>Starts a lease's time again, and so makes sure of it.</summary>
    public async Task RenewAsync(HeldBlob blob, CancellationToken cancellationToken)
    {
        await store.RenewLeaseAsync(blob.Name, blob.LeaseId, cancellationToken).ConfigureAwait(false);
        blob.RenewedAt = timeProvider.GetTimestamp();
    }

    /// <summary>Renews the leases that have run for a while.</summary>
    public async Task RenewDueAsync(IReadOnlyList<HeldBlob> held, CancellationToken cancellationToken)
    {
        foreach (HeldBlob blob in held)
        {
            if (!blob.IsHeld || timeProvider.GetElapsedTime(blob.RenewedAt) < RenewAfter)
            {
                continue;
            }

            try
            {
                await RenewAsync(blob, cancellationToken).ConfigureAwait(false);
            }
            catch (TransferException exception) when (RemovalReasons.From(exception) is not null)
            {
                // Its own turn finds out why and says so.
                blob.RenewedAt = timeProvider.GetTimestamp();
            }
        }
    }

    /// <summary>Gives the leases back that are still held.</summary>
    public async Task ReleaseAsync(IReadOnlyList<HeldBlob> held)
    {
        foreach (HeldBlob blob in held.Where(static blob => blob.IsHeld))
        {
            try
            {
                await store.ReleaseLeaseAsync(blob.Name, blob.LeaseId, CancellationToken.None).ConfigureAwait(false);
                blob.IsHeld = false;
            }
            catch (TransferException)
            {
                // The lease is somebody else's by now, the blob is gone or the store is away: the lease ends by itself.
                blob.IsHeld = false;
            }
        }
    }
}
