namespace AzureVmRole.Engine.Storage.Folder;

internal sealed partial class FolderBlobStore
{
    /// <inheritdoc/>
    public async Task AcquireLeaseAsync(
        BlobName name, string leaseId, TimeSpan? duration, BlobConditions conditions, CancellationToken cancellationToken)
    {
        bool isHeldAlready = false;
        FolderRow row = await ChangeLeaseAsync(name, found =>
        {
            CheckETag(found, conditions);
            isHeldAlready = found.Lease.IsHeldAt(Now);
            return found.Lease.StateAt(Now) switch
            {
                BlobLeaseState.Leased when !found.Lease.HasId(leaseId) => throw FolderErrors.Leased(found),
                BlobLeaseState.Breaking => throw FolderErrors.Leased(found),
                _ => FolderLease.Take(leaseId, duration, Now),
            };
        }, cancellationToken).ConfigureAwait(false);
        if (isHeldAlready)
        {
            return;
        }

        try
        {
            // Writers that were let in before may still be on their way into the file.
            await FolderGate.WaitForWritersAsync(_paths, row, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await ReleaseLeaseAsync(name, leaseId, CancellationToken.None).ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public Task RenewLeaseAsync(BlobName name, string leaseId, CancellationToken cancellationToken) => ChangeLeaseAsync(name, row =>
    {
        BlobLeaseState state = row.Lease.StateAt(Now);
        return row.Lease.HasId(leaseId) && state is (BlobLeaseState.Leased or BlobLeaseState.Expired)
            ? FolderLease.Take(leaseId, row.Lease.Duration, Now)
            : throw FolderErrors.LeaseLost(row, state);
    }, cancellationToken);

    /// <inheritdoc/>
    public Task ReleaseLeaseAsync(BlobName name, string leaseId, CancellationToken cancellationToken) => ChangeLeaseAsync(
        name,
        row => row.Lease.HasId(leaseId) ? default(FolderLease) : throw FolderErrors.LeaseLost(row, row.Lease.StateAt(Now)),
        cancellationToken);

    /// <inheritdoc/>
    public Task BreakLeaseAsync(BlobName name, TimeSpan period, BlobConditions conditions, CancellationToken cancellationToken) => ChangeLeaseAsync(
        name,
        row =>
        {
            CheckETag(row, conditions);
            return row.Lease.Id is null ? throw FolderErrors.NoLease(name) : row.Lease.Break(period, Now);
        },
        cancellationToken);

    private Task<FolderRow> ChangeLeaseAsync(BlobName name, Func<FolderRow, FolderLease> change, CancellationToken cancellationToken) => Task.Run(
        () => _reserve.Use(() => _database.Change(table =>
        {
            FolderRow row = FindExisting(table, name, null);
            FolderRow changed = row with { Lease = change(row) };
            table.Save(changed);
            return changed;
        })),
        cancellationToken);
}
