namespace AzureVmRole.Engine.Cleanup;

/// <summary>A search result in a file, to be looked at and removed later (docs/formats/removal-plan.md).</summary>
/// <param name="Listing">The search; complete.</param>
/// <param name="Items">The orphans, and the blobs that a lease alone keeps.</param>
public sealed record OrphanPlan(OrphanListing Listing, IReadOnlyList<OrphanVhd> Items)
{
    /// <summary>Writes a plan, whole or not at all. Blobs that are kept are left out, but for those that a lease alone keeps.</summary>
    /// <param name="path">The absolute path.</param>
    /// <param name="overwrite">Whether an existing file may be replaced.</param>
    /// <param name="items">What a search found, or a part of it.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="TransferException">The search was incomplete.</exception>
    /// <exception cref="CatalogueException">The items are of several searches.</exception>
    /// <exception cref="DiskOperationException">The file cannot be written.</exception>
    public static Task WriteAsync(string path, bool overwrite, IReadOnlyList<OrphanVhd> items, CancellationToken cancellationToken) =>
        throw new TransferException(ErrorCode.StoreUnsupported, path, "No store can be opened.");

    /// <summary>Reads a plan.</summary>
    /// <param name="path">The absolute path.</param>
    /// <exception cref="CatalogueException">The file is no plan, is cut short or was changed to something that makes no sense.</exception>
    /// <exception cref="DiskOperationException">The file cannot be read.</exception>
    public static OrphanPlan Read(string path) => throw new TransferException(ErrorCode.StoreUnsupported, path, "No store can be opened.");
}
