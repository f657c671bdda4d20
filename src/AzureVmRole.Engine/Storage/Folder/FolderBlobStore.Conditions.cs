namespace AzureVmRole.Engine.Storage.Folder;

internal sealed partial class FolderBlobStore
{
    /// <summary>
    /// Lets a write to a blob in, or says why not. Whoever writes without a lease ends one that has run out ("Lease Blob", section
    /// "Outcomes of use attempts on blobs by lease state").
    /// </summary>
    /// <returns>The row with the lease that it has now.</returns>
    private FolderRow LetWrite(FolderRow row, BlobConditions conditions, bool isReplaced = false)
    {
        if (conditions.MustNotExist)
        {
            throw FolderErrors.Exists(row.Name);
        }

        DateTimeOffset now = Now;
        CheckLeaseId(row, conditions.LeaseId, now);
        if (conditions.LeaseId is null && row.Lease.IsHeldAt(now))
        {
            throw FolderErrors.Leased(row);
        }

        CheckETag(row, conditions);
        if (!isReplaced && CheckCopy(row).CopyState == BlobCopyState.Pending)
        {
            throw FolderErrors.CopyPending(row.Name);
        }

        return conditions.LeaseId is null && row.Lease.Id is not null ? row with { Lease = default } : row;
    }

    /// <summary>Lets a reader in, or says why not.</summary>
    private void LetRead(FolderRow row, BlobConditions conditions)
    {
        CheckLeaseId(row, conditions.LeaseId, Now);
        CheckETag(row, conditions);
    }

    private static void CheckLeaseId(FolderRow row, string? leaseId, DateTimeOffset now)
    {
        if (leaseId is not null && !(row.Lease.IsHeldAt(now) && row.Lease.HasId(leaseId)))
        {
            throw FolderErrors.LeaseLost(row, row.Lease.StateAt(now));
        }
    }

    private static void CheckETag(FolderRow row, BlobConditions conditions)
    {
        if (conditions.IfMatch is { } expected && expected != row.ETag)
        {
            throw FolderErrors.Changed(row.Name, expected, row.ETag);
        }
    }
}
