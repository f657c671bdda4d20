using Azure;
using Azure.Storage.Blobs.Models;

namespace AzureVmRole.Engine.Storage.Azure;

/// <summary>The SDK's records in the store's words, and the other way round.</summary>
internal static class AzureBlobs
{
    public static BlobProperties From(BlobName name, string? snapshot, global::Azure.Storage.Blobs.Models.BlobProperties found) => new()
    {
        Name = name,
        Snapshot = snapshot,
        Kind = From(found.BlobType),
        Length = found.ContentLength,
        ETag = found.ETag.ToString(),
        LastModified = found.LastModified,
        CreatedOn = found.CreatedOn == default ? null : found.CreatedOn,
        LeaseState = From(found.LeaseState),
        LeaseIsInfinite = IsInfinite(found.LeaseState, found.LeaseDuration),
        CopyState = From(found.BlobCopyStatus),
        CopyId = found.CopyId,
        CopyBytesDone = FindDone(found.CopyProgress),
        CopyDescription = found.CopyStatusDescription,
        ContentMd5 = found.ContentHash is { Length: > 0 } hash ? hash : null,
        Metadata = Copy(found.Metadata),
    };

    public static BlobProperties From(string container, BlobItem found, bool areTagsUnread) => new()
    {
        Name = new BlobName(container, found.Name),
        Snapshot = string.IsNullOrEmpty(found.Snapshot) ? null : found.Snapshot,
        Kind = From(found.Properties.BlobType),
        Length = found.Properties.ContentLength ?? 0,
        ETag = Quote(found.Properties.ETag),
        LastModified = found.Properties.LastModified ?? default,
        CreatedOn = found.Properties.CreatedOn,
        LeaseState = From(found.Properties.LeaseState),
        LeaseIsInfinite = IsInfinite(found.Properties.LeaseState, found.Properties.LeaseDuration),
        CopyState = From(found.Properties.CopyStatus),
        CopyId = found.Properties.CopyId,
        CopyBytesDone = FindDone(found.Properties.CopyProgress),
        CopyDescription = found.Properties.CopyStatusDescription,
        ContentMd5 = found.Properties.ContentHash is { Length: > 0 } hash ? hash : null,
        IsDeleted = found.Deleted,
        Metadata = Copy(found.Metadata),
        Tags = Copy(found.Tags, StringComparer.Ordinal),
        AreTagsUnread = areTagsUnread,
    };

    public static IReadOnlyDictionary<string, string> Copy(IDictionary<string, string>? values, StringComparer? comparer = null) => values is null
        ? new Dictionary<string, string>(comparer ?? StringComparer.OrdinalIgnoreCase)
        : new Dictionary<string, string>(values, comparer ?? StringComparer.OrdinalIgnoreCase);

    public static PageBlobRequestConditions ToConditions(BlobConditions conditions) => new()
    {
        IfMatch = ToTag(conditions.IfMatch),
        IfNoneMatch = conditions.MustNotExist ? ETag.All : null,
        LeaseId = conditions.LeaseId,
    };

    public static BlobRequestConditions ToSourceConditions(string? ifMatch) => new() { IfMatch = ToTag(ifMatch) };

    public static ETag? ToTag(string? tag) => tag is null ? null : new ETag(tag);

    /// <summary>A listing writes ETags without the quotes that headers have; one blob has to have one ETag.</summary>
    private static string Quote(ETag? tag) => tag?.ToString() is { Length: > 0 } text
        ? text.StartsWith('"') || text.StartsWith("W/", StringComparison.Ordinal) ? text : $"\"{text}\""
        : "";

    private static BlobKind From(BlobType? type) => type switch
    {
        BlobType.Page => BlobKind.PageBlob,
        BlobType.Append => BlobKind.AppendBlob,
        _ => BlobKind.BlockBlob,
    };

    private static BlobLeaseState From(LeaseState? state) => state switch
    {
        LeaseState.Leased => BlobLeaseState.Leased,
        LeaseState.Expired => BlobLeaseState.Expired,
        LeaseState.Breaking => BlobLeaseState.Breaking,
        LeaseState.Broken => BlobLeaseState.Broken,
        _ => BlobLeaseState.Available,
    };

    private static bool? IsInfinite(LeaseState? state, LeaseDurationType? duration) =>
        state is LeaseState.Leased or LeaseState.Breaking ? duration == LeaseDurationType.Infinite : null;

    private static BlobCopyState From(CopyStatus? status) => status switch
    {
        CopyStatus.Pending => BlobCopyState.Pending,
        CopyStatus.Success => BlobCopyState.Success,
        CopyStatus.Aborted => BlobCopyState.Aborted,
        CopyStatus.Failed => BlobCopyState.Failed,
        _ => BlobCopyState.None,
    };

    /// <summary>The service writes "done/all".</summary>
    private static long? FindDone(string? progress) => progress?.Split('/') is [string done, _]
        && long.TryParse(done, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out long bytes)
            ? bytes
            : null;
}
