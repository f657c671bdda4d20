using AzureVmRole.Engine.Storage;

namespace AzureVmRole.Engine.Cleanup;

/// <summary>A blob whose lease the removal holds, so that nobody can start to use it as a disk.</summary>
/// <param name="item">What the report has of it.</param>
/// <param name="name">The blob.</param>
internal sealed class HeldBlob(OrphanVhd item, BlobName name)
{
    /// <summary>What the report has of it.</summary>
    public OrphanVhd Item => item;

    /// <summary>The blob.</summary>
    public BlobName Name => name;

    /// <summary>The id of the lease.</summary>
    public string LeaseId { get; } = Guid.NewGuid().ToString();

    /// <summary>Whether the lease is to be given back: until the blob is deleted or the lease was given back.</summary>
    public bool IsHeld { get; set; } = true;

    /// <summary>When the lease's time began last, by the clock's time stamp.</summary>
    public long RenewedAt { get; set; }
}
