using AzureVmRole.Engine.Storage;

namespace AzureVmRole.Engine.Cleanup;

/// <summary>Why a blob is kept that the report called an orphan.</summary>
internal static class RemovalReasons
{
    /// <summary>In what a blob differs from the report; null for nothing.</summary>
    public static RetentionReason? Compare(OrphanVhd item, BlobProperties? blob) => blob switch
    {
        null => new RetentionReason(RetentionCode.Gone, "It does not exist any more."),
        _ when blob.ETag != item.ETag => Changed($"its ETag is {blob.ETag}, expected {item.ETag}"),
        _ when blob.Length != item.Length => Changed($"its length is {blob.Length}, expected {item.Length}"),
        _ when !OrphanClassifier.IsCandidate(blob) => Changed($"it is a {blob.Kind}"),
        _ when blob.CreatedOn is { } created && item.CreatedOn is { } planned && created != planned =>
            Changed($"it was made at {created:O}, expected {planned:O}"),
        _ => null,
    };

    /// <summary>What a refusal that is about this blob alone means; null for one that stops the run.</summary>
    public static RetentionReason? From(TransferException exception) => exception.Code switch
    {
        ErrorCode.BlobNotFound => new RetentionReason(RetentionCode.Gone, "It does not exist any more."),
        ErrorCode.BlobChanged => Changed(exception.Message),
        ErrorCode.BlobLeased => new RetentionReason(RetentionCode.Leased, exception.Message),
        ErrorCode.LeaseLost => new RetentionReason(RetentionCode.LeaseLost, exception.Message),
        ErrorCode.BlobHasSnapshots => new RetentionReason(RetentionCode.HasSnapshots, exception.Message),
        ErrorCode.BlobInUse => new RetentionReason(RetentionCode.Referenced, exception.Message),
        _ => null,
    };

    private static RetentionReason Changed(string difference) =>
        new(RetentionCode.Changed, $"It was changed since the report was made: {difference.TrimEnd('.')}.");
}
