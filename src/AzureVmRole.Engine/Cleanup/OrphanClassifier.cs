using System.Globalization;
using AzureVmRole.Engine.Storage;
using AzureVmRole.Engine.Storage.Inspection;

namespace AzureVmRole.Engine.Cleanup;

/// <summary>Judges blobs. Pure: the same facts at the same time always give the same reasons.</summary>
internal static class OrphanClassifier
{
    /// <summary>How far two clocks may differ before an age is taken for unknown.</summary>
    public static readonly TimeSpan ClockMargin = TimeSpan.FromMinutes(5);

    /// <summary>How long a half upload is kept whatever the minimum age: its publisher may be asleep.</summary>
    public static readonly TimeSpan UploadRest = TimeSpan.FromHours(1);

    private const string DiskExtension = ".vhd";

    /// <summary>Whether a blob can be an orphan at all: a page blob ending in .vhd; no snapshot, nothing deleted.</summary>
    public static bool IsCandidate(BlobProperties blob) =>
        blob.Kind == BlobKind.PageBlob
        && blob.Snapshot is null
        && !blob.IsDeleted
        && blob.Name.Name.EndsWith(DiskExtension, StringComparison.OrdinalIgnoreCase);

    /// <summary>When a blob was last known to be worked on.</summary>
    public static DateTimeOffset LastChange(BlobProperties blob) =>
        blob.CreatedOn is { } created && created > blob.LastModified ? created : blob.LastModified;

    /// <summary>Everything that keeps a blob; when nothing does, what makes it an orphan.</summary>
    /// <param name="facts">What is known of the blob.</param>
    /// <param name="now">The time.</param>
    /// <param name="minimumAge">How long it has to have been left alone; zero leaves age out of account.</param>
    public static IReadOnlyList<RetentionReason> Classify(in BlobFacts facts, DateTimeOffset now, TimeSpan minimumAge)
    {
        List<RetentionReason> reasons = [];
        foreach (BlobReference reference in facts.References ?? [])
        {
            reasons.Add(new RetentionReason(reference.Code, reference.Text));
        }

        if (facts.IsParentInUse)
        {
            reasons.Add(new RetentionReason(RetentionCode.ParentInUse, "A difference that is kept was made from this disk."));
        }

        AddState(reasons, facts, now, minimumAge);
        AddMarkings(reasons, facts.Blob);
        AddAge(reasons, facts.Blob, now, minimumAge);
        return reasons.Count > 0 ? reasons : [WhyOrphan(facts.Blob, now)];
    }

    private static void AddState(List<RetentionReason> reasons, in BlobFacts facts, DateTimeOffset now, TimeSpan minimumAge)
    {
        BlobProperties blob = facts.Blob;
        if (!facts.IsLeaseOurs && blob.LeaseState is BlobLeaseState.Leased or BlobLeaseState.Breaking)
        {
            string kind = blob.LeaseIsInfinite == true ? "a lease without end" : "a lease";
            reasons.Add(new RetentionReason(
                RetentionCode.Leased, $"{VhdBlobs.HolderOf(blob) ?? "Somebody unknown"} holds {kind} ({blob.LeaseState})."));
        }

        TimeSpan rest = minimumAge > UploadRest ? minimumAge : UploadRest;
        if (IsUploading(blob) && (IsLeasedByOthers(facts) || now - LastChange(blob) < rest))
        {
            string uploader = blob.Metadata.GetValueOrDefault(BlobMetadata.Uploader) ?? "somebody unknown";
            reasons.Add(new RetentionReason(RetentionCode.Uploading, $"It is being uploaded by {uploader}; last change {Text(LastChange(blob))}."));
        }

        if (blob.CopyState == BlobCopyState.Pending)
        {
            reasons.Add(new RetentionReason(RetentionCode.CopyPending, $"Copy {blob.CopyId} to it is under way."));
        }

        if (facts.SnapshotCount > 0)
        {
            string count = facts.SnapshotCount.ToString(CultureInfo.InvariantCulture);
            reasons.Add(new RetentionReason(
                RetentionCode.HasSnapshots, $"It has {count} snapshot(s), and who depends on them cannot be known."));
        }
    }

    private static void AddMarkings(List<RetentionReason> reasons, BlobProperties blob)
    {
        if (Markings.FindProtection(blob) is { } protection)
        {
            reasons.Add(new RetentionReason(RetentionCode.Protected, $"It is protected by {protection}."));
        }

        if (blob.AreTagsUnread)
        {
            reasons.Add(new RetentionReason(RetentionCode.TagsUnreadable, "Its tags may not be read, and one of them may protect it."));
        }

        if (Markings.FindForeignFamily(blob) is { } family)
        {
            reasons.Add(new RetentionReason(RetentionCode.ForeignFamily, $"It belongs to {family}."));
        }
    }

    private static void AddAge(List<RetentionReason> reasons, BlobProperties blob, DateTimeOffset now, TimeSpan minimumAge)
    {
        DateTimeOffset change = LastChange(blob);
        if (change - now > ClockMargin)
        {
            reasons.Add(new RetentionReason(
                RetentionCode.ClockUncertain, $"It was changed at {Text(change)}, which is after {Text(now)}, the time now: a clock is wrong."));
        }
        else if (minimumAge > TimeSpan.Zero && now - change < minimumAge)
        {
            reasons.Add(new RetentionReason(RetentionCode.TooYoung, $"It was changed at {Text(change)}, less than {Text(minimumAge)} ago."));
        }
    }

    private static RetentionReason WhyOrphan(BlobProperties blob, DateTimeOffset now)
    {
        string idle = Text(now - LastChange(blob));
        if (IsUploading(blob))
        {
            return new RetentionReason(RetentionCode.AbandonedUpload, $"A half upload that nobody has continued for {idle}.");
        }

        return blob.CopyState is BlobCopyState.Aborted or BlobCopyState.Failed
            ? new RetentionReason(RetentionCode.FailedCopy, $"Empty: the copy that should have made it has ended as {blob.CopyState}, {idle} ago.")
            : new RetentionReason(RetentionCode.Unreferenced, $"Nothing is known that needs it; unchanged for {idle}.");
    }

    private static bool IsUploading(BlobProperties blob) => VhdBlobs.StateOf(blob) == UploadState.Uploading;

    private static bool IsLeasedByOthers(in BlobFacts facts) =>
        !facts.IsLeaseOurs && facts.Blob.LeaseState is BlobLeaseState.Leased or BlobLeaseState.Breaking;

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Text(TimeSpan time) => time >= TimeSpan.FromDays(2)
        ? string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(time.TotalDays):0} days")
        : string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(Math.Max(0, time.TotalHours)):0} h {Math.Max(0, time.Minutes):0} min");
}
