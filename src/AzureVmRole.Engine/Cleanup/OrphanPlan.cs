using System.Text.Json;
using AzureVmRole.Disks.Files;

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
    /// <exception cref="CatalogueException">There are no items, or they are of several searches.</exception>
    /// <exception cref="DiskOperationException">The file cannot be written.</exception>
    public static Task WriteAsync(string path, bool overwrite, IReadOnlyList<OrphanVhd> items, CancellationToken cancellationToken)
    {
        OrphanListing[] listings = [.. items.Select(static item => item.Listing).Distinct()];
        return listings.Length == 1
            ? WriteAsync(path, overwrite, listings[0], items, cancellationToken)
            : throw new CatalogueException(
                ErrorCode.RemovalPlanInvalid, path, $"The items for plan '{path}' are of {listings.Length} searches, expected one.",
                "Write a plan for each search.");
    }

    /// <summary>Reads a plan.</summary>
    /// <param name="path">The absolute path.</param>
    /// <exception cref="CatalogueException">The file is no plan, is cut short or was changed to something that makes no sense.</exception>
    /// <exception cref="DiskOperationException">The file cannot be read.</exception>
    public static OrphanPlan Read(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            PlanFile plan = JsonSerializer.Deserialize(file, PlanFileContext.Default.PlanFile) ?? throw PlanFileCheck.Invalid(path, "", "is null");
            return PlanFileCheck.ToPlan(path, plan);
        }
        catch (JsonException exception)
        {
            string place = $"{exception.Path ?? "$"}, line {(exception.LineNumber ?? 0) + 1}";
            throw PlanFileCheck.Invalid(path, place, "is not what a plan has there, or the file is cut short", exception);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DiskOperationException(ErrorCode.FileNotFound, path, $"There is no plan '{path}'.", "Check the path.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DiskOperationException(
                ErrorCode.ReadFailed, path, $"Plan '{path}' cannot be read: {exception.Message}", innerException: exception);
        }
    }

    /// <summary>Whether a plan has the item: an orphan, or what a lease without end alone keeps.</summary>
    internal static bool IsPlanned(OrphanVhd item) => item.IsOrphan || IsKeptByLeaseAlone(item);

    /// <summary>Whether a lease without end is all that keeps the blob. A timed one shows that somebody is at work.</summary>
    internal static bool IsKeptByLeaseAlone(OrphanVhd item) =>
        item.LeaseIsInfinite == true
        && item.LeaseState == BlobLeaseState.Leased
        && item.Reasons.Length > 0
        && item.Reasons.All(static reason => reason.Code == RetentionCode.Leased);

    internal static async Task WriteAsync(
        string path, bool overwrite, OrphanListing listing, IReadOnlyList<OrphanVhd> items, CancellationToken cancellationToken)
    {
        if (!listing.IsComplete)
        {
            throw OrphanRemoval.Incomplete(listing);
        }

        var plan = PlanFile.From(listing, [.. items.Where(IsPlanned)]);
        byte[] text = JsonSerializer.SerializeToUtf8Bytes(plan, PlanFileContext.Default.PlanFile);
        using var file = OutputFile.Create(path, overwrite);
        file.File.Write(0, text);
        await file.CommitAsync(lastWriteTimeUtc: null, replaced: null, cancellationToken).ConfigureAwait(false);
    }
}
