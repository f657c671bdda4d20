namespace AzureVmRole.Engine.Tests.Storage;

/// <summary>What a store under test may lack; <see cref="BlobStoreTests"/> skips by name with the reason.</summary>
public enum StoreCapability
{
    /// <summary>Writing pages from ranges of another blob.</summary>
    PageCopy,

    /// <summary>Time that a test can let pass: timed leases that run out, the end of a break period.</summary>
    ManualTime,

    /// <summary>The difference between a blob and an earlier snapshot.</summary>
    Difference,

    /// <summary>Copies that check the source's ETag.</summary>
    CopySourceCondition,

    /// <summary>Refusing a copy to a blob under a lease that ends by itself.</summary>
    EndlessLeaseForCopies,

    /// <summary>Clearing more than the service takes in one request.</summary>
    LargeClear,

    /// <summary>Replacing a blob that has snapshots, which stay.</summary>
    OverwriteKeepsSnapshots,

    /// <summary>Page writes that tell a condition on the ETag apart (the emulator may ignore it).</summary>
    PageConditions,

    /// <summary>Refusing a lease id for a blob that has no lease.</summary>
    LeaseIdWithoutLease,

    /// <summary>Renewing a lease that ended, when nobody wrote since.</summary>
    RenewAfterEnd,
}
