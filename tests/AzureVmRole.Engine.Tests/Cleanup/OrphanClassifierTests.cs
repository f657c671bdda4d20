using AzureVmRole.Engine.Cleanup;
using AzureVmRole.Engine.Storage;
using Xunit;

namespace AzureVmRole.Engine.Tests.Cleanup;

public sealed class OrphanClassifierTests
{
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    [Theory]
    [InlineData("vhds/disk.vhd", true)]
    [InlineData("vhds/a/b/DISK.VHD", true)]
    [InlineData("vhds/disk.vhdx", false)]
    [InlineData("vhds/disk", false)]
    [InlineData("vhds/disk.vhd.bak", false)]
    public void IsCandidate_Name_OnlyVhd(string name, bool expected) =>
        Assert.Equal(expected, OrphanClassifier.IsCandidate(Blobs.Old(name)));

    [Fact]
    public void IsCandidate_OtherKinds_Never()
    {
        Assert.False(OrphanClassifier.IsCandidate(Blobs.Old() with { Kind = BlobKind.BlockBlob }));
        Assert.False(OrphanClassifier.IsCandidate(Blobs.Old() with { Kind = BlobKind.AppendBlob }));
        Assert.False(OrphanClassifier.IsCandidate(Blobs.Old() with { Snapshot = "2026-01-01T00:00:00.0000000Z" }));
        Assert.False(OrphanClassifier.IsCandidate(Blobs.Old() with { IsDeleted = true }));
    }

    [Fact]
    public void Classify_NothingNeedsIt_Orphan()
    {
        RetentionReason reason = Assert.Single(Classify(Blobs.Old()));

        Assert.Equal((RetentionCode.Unreferenced, false), (reason.Code, reason.Keeps));
        Assert.Contains("365 days", reason.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Classify_Reference_Kept()
    {
        var facts = new BlobFacts { Blob = Blobs.Old(), References = [new BlobReference(RetentionCode.Referenced, "Line 3 names it.", "line 3")] };

        Assert.Equal([new RetentionReason(RetentionCode.Referenced, "Line 3 names it.")], OrphanClassifier.Classify(facts, Blobs.Now, Week));
    }

    [Fact]
    public void Classify_ParentOfAKeptDifference_Kept() => Assert.Equal(
        [RetentionCode.ParentInUse],
        OrphanClassifier.Classify(new BlobFacts { Blob = Blobs.Old(), IsParentInUse = true }, Blobs.Now, Week).Select(reason => reason.Code));

    [Theory]
    [InlineData(BlobLeaseState.Available, false)]
    [InlineData(BlobLeaseState.Expired, false)]
    [InlineData(BlobLeaseState.Broken, false)]
    [InlineData(BlobLeaseState.Leased, true)]
    [InlineData(BlobLeaseState.Breaking, true)]
    public void Classify_Lease_KeptWhileActive(BlobLeaseState state, bool isKept) =>
        AssertKept(isKept, RetentionCode.Leased, Blobs.Old() with { LeaseState = state, LeaseIsInfinite = true });

    [Fact]
    public void Classify_Lease_HolderShown()
    {
        BlobProperties blob = Blobs.Old("vhds/a.vhd", ("MicrosoftAzureCompute_VMName", "web01")) with
        {
            LeaseState = BlobLeaseState.Leased,
            LeaseIsInfinite = true,
        };

        RetentionReason reason = Assert.Single(Classify(blob));

        Assert.Equal("virtual machine 'web01' holds a lease without end (Leased).", reason.Text);
    }

    [Fact]
    public void Classify_OwnLease_NoSignOfUse()
    {
        BlobProperties blob = Blobs.Old() with { LeaseState = BlobLeaseState.Leased, LeaseIsInfinite = false };

        IReadOnlyList<RetentionReason> reasons = OrphanClassifier.Classify(new BlobFacts { Blob = blob, IsLeaseOurs = true }, Blobs.Now, Week);

        Assert.Equal(RetentionCode.Unreferenced, Assert.Single(reasons).Code);
    }

    [Theory]
    [InlineData(BlobLeaseState.Leased, 365, true)]
    [InlineData(BlobLeaseState.Expired, 3, true)]
    [InlineData(BlobLeaseState.Expired, 8, false)]
    public void Classify_HalfUpload_KeptWhileSomebodyMayContinueIt(BlobLeaseState lease, int days, bool isKept)
    {
        BlobProperties blob = Changed(Uploading(), TimeSpan.FromDays(days)) with { LeaseState = lease };

        AssertKept(isKept, RetentionCode.Uploading, blob);
        Assert.Equal(!isKept, Classify(blob).Any(reason => reason.Code == RetentionCode.AbandonedUpload));
    }

    [Theory]
    [InlineData(59, true)]
    [InlineData(61, false)]
    public void Classify_HalfUploadWithoutMinimumAge_StillRestsAnHour(int minutes, bool isKept)
    {
        var facts = new BlobFacts { Blob = Changed(Uploading(), TimeSpan.FromMinutes(minutes)) };

        Assert.Equal(isKept, OrphanClassifier.Classify(facts, Blobs.Now, TimeSpan.Zero).Any(reason => reason.Code == RetentionCode.Uploading));
    }

    [Theory]
    [InlineData(BlobCopyState.None, false)]
    [InlineData(BlobCopyState.Success, false)]
    [InlineData(BlobCopyState.Aborted, false)]
    [InlineData(BlobCopyState.Failed, false)]
    [InlineData(BlobCopyState.Pending, true)]
    public void Classify_Copy_KeptWhilePending(BlobCopyState state, bool isKept)
    {
        BlobProperties blob = Blobs.Old() with { CopyState = state };

        AssertKept(isKept, RetentionCode.CopyPending, blob);
        Assert.Equal(
            state is BlobCopyState.Aborted or BlobCopyState.Failed, Classify(blob).Any(reason => reason.Code == RetentionCode.FailedCopy));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public void Classify_Snapshots_Kept(int count, bool isKept)
    {
        IReadOnlyList<RetentionReason> reasons = OrphanClassifier.Classify(
            new BlobFacts { Blob = Blobs.Old(), SnapshotCount = count }, Blobs.Now, Week);

        Assert.Equal(isKept, reasons.Any(reason => reason.Code == RetentionCode.HasSnapshots));
    }

    [Theory]
    [InlineData(7 * 24 * 60, false)]
    [InlineData((7 * 24 * 60) - 1, true)]
    public void Classify_Age_KeptBelowTheMinimum(int minutes, bool isKept) =>
        AssertKept(isKept, RetentionCode.TooYoung, Changed(Blobs.Old(), TimeSpan.FromMinutes(minutes)));

    [Fact]
    public void Classify_NewBlobWithAnOldTimeOfChange_TooYoung() =>
        AssertKept(true, RetentionCode.TooYoung, Blobs.Old() with { CreatedOn = Blobs.Now.AddDays(-1) });

    [Fact]
    public void Classify_NoMinimumAge_AgeLeftOut() => Assert.Equal(
        RetentionCode.Unreferenced,
        Assert.Single(OrphanClassifier.Classify(new BlobFacts { Blob = Changed(Blobs.Old(), TimeSpan.Zero) }, Blobs.Now, TimeSpan.Zero)).Code);

    [Theory]
    [InlineData(6, true)]
    [InlineData(5, false)]
    public void Classify_ChangedInTheFuture_ClockUncertain(int minutes, bool isKept)
    {
        var facts = new BlobFacts { Blob = Changed(Blobs.Old(), -TimeSpan.FromMinutes(minutes)) };

        Assert.Equal(isKept, OrphanClassifier.Classify(facts, Blobs.Now, TimeSpan.Zero).Any(reason => reason.Code == RetentionCode.ClockUncertain));
    }

    [Theory]
    [InlineData("azvmrole_protect", "golden image", true)]
    [InlineData("azvmrole_protect", "", true)]
    [InlineData("azvmrole_protect", "false", false)]
    [InlineData("DoNotDelete", "true", true)]
    [InlineData("do-not-delete", "", true)]
    [InlineData("Do Not Delete", "False", false)]
    [InlineData("Protected", "yes", true)]
    [InlineData("protected", "no", false)]
    [InlineData("lock", "CanNotDelete", true)]
    [InlineData("Keep", "0", false)]
    [InlineData("legal-hold", "case 7", true)]
    [InlineData("owner", "somebody", false)]
    public void Classify_Protection_KeptUnlessDenied(string key, string value, bool isKept)
    {
        AssertKept(isKept, RetentionCode.Protected, Blobs.Tagged(key, value));
        AssertKept(isKept, RetentionCode.Protected, Blobs.Old("vhds/a.vhd", (key, value)));
    }

    [Fact]
    public void Classify_TagsUnreadable_Kept() =>
        AssertKept(true, RetentionCode.TagsUnreadable, Blobs.Old() with { AreTagsUnread = true });

    [Theory]
    [InlineData("vhds/web01-ASRReplica.vhd", true)]
    [InlineData("vhds/ms-asr-1234.vhd", true)]
    [InlineData("vhds/asrseeddisk-web01.vhd", true)]
    [InlineData("vhds/kubernetes-dynamic-pvc-0a1b.vhd", true)]
    [InlineData("vhds/pvc-0a1b.vhd", true)]
    [InlineData("vhds/cluster/pvc-0a1b.vhd", true)]
    [InlineData("vhds/cluster1-pvc-0a1b.vhd", true)]
    [InlineData("vhds/pvcdisk.vhd", false)]
    [InlineData("vhds/quasar.vhd", false)]
    public void Classify_NameOfAnotherProduct_Kept(string name, bool isKept) =>
        AssertKept(isKept, RetentionCode.ForeignFamily, Blobs.Old(name));

    [Theory]
    [InlineData("kubernetes.io-created-for-pvc-name", true)]
    [InlineData("kubernetes.io-created-for-pvc", true)]
    [InlineData("k8s-azure-created-by", true)]
    [InlineData("ASR-ReplicaDisk", true)]
    [InlineData("asrseeddisk", true)]
    [InlineData("RSVaultBackup", true)]
    [InlineData("backuppolicy", false)]
    public void Classify_MarkOfAnotherProduct_Kept(string key, bool isKept)
    {
        AssertKept(isKept, RetentionCode.ForeignFamily, Blobs.Tagged(key, "x"));
        AssertKept(isKept, RetentionCode.ForeignFamily, Blobs.Old("vhds/a.vhd", (key.Replace('-', '_').Replace('.', '_'), "x")));
    }

    [Fact]
    public void Classify_ManyReasons_AllTold()
    {
        BlobProperties blob = Changed(Blobs.Old("vhds/pvc-1.vhd", ("azvmrole_protect", "")), TimeSpan.FromHours(2)) with
        {
            LeaseState = BlobLeaseState.Leased,
            AreTagsUnread = true,
            CopyState = BlobCopyState.Pending,
        };

        Assert.Equal(
            [RetentionCode.Leased, RetentionCode.CopyPending, RetentionCode.Protected, RetentionCode.TagsUnreadable, RetentionCode.ForeignFamily, RetentionCode.TooYoung],
            Classify(blob).Select(reason => reason.Code));
    }

    private static BlobProperties Uploading() => Blobs.Old("vhds/half.vhd", (BlobMetadata.State, BlobMetadata.Uploading));

    private static BlobProperties Changed(BlobProperties blob, TimeSpan ago) =>
        blob with { LastModified = Blobs.Now - ago, CreatedOn = Blobs.Now - ago };

    private static IReadOnlyList<RetentionReason> Classify(BlobProperties blob) =>
        OrphanClassifier.Classify(new BlobFacts { Blob = blob }, Blobs.Now, Week);

    private static void AssertKept(bool isKept, RetentionCode code, BlobProperties blob)
    {
        IReadOnlyList<RetentionReason> reasons = Classify(blob);
        Assert.Equal(isKept, reasons.Any(reason => reason.Code == code));
        Assert.Equal(isKept, reasons.Any(reason => reason.Keeps));
    }
}
