namespace AzureVmRole;

/// <summary>The state of a blob's lease, as the service names it ("Lease Blob", section "Outcomes of lease operations").</summary>
public enum BlobLeaseState
{
    /// <summary>Nobody holds a lease.</summary>
    Available = 0,

    /// <summary>Somebody holds a lease.</summary>
    Leased,

    /// <summary>A timed lease ended without release.</summary>
    Expired,

    /// <summary>The lease was broken and ends when its break period is over.</summary>
    Breaking,

    /// <summary>The lease was broken.</summary>
    Broken,
}
