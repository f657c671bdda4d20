using System.Security.Cryptography;
using AzureVmRole.Engine.Storage;
using AzureVmRole.Engine.Storage.Publishing;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Engine.Tests.Storage.Publishing;

public abstract partial class DiskPublicationTests
{
    [Fact(Timeout = 60_000)]
    public async Task Patch_Difference_OnlyChangesTravel()
    {
        (ReferenceDisk lower, ReferenceDisk top) = await MakeChainAsync();
        PublishedVhd published = await PublishAsync(Folder["base.vhd"], "base.vhd");

        PublishedVhd patched = await DiskPublication.PublishAsync(PatchOptions(), null, Token);

        await AssertHoldsAsync(top.Content, patched);
        await AssertHoldsAsync(lower.Content, published, "base.vhd");
        long changed = DifferenceOf(top.Content, lower.Content);
        Assert.InRange(patched.BytesSent, 4096, changed + 512);
        Assert.InRange(patched.BytesKept, DataIn(lower.Content) / 2, DataIn(lower.Content));
        BlobProperties found = await FindAsync();
        Assert.Equal(
            (published.ContentHash, published.DiskIdentifier.ToString()),
            (found.Metadata[BlobMetadata.BaseContentHash], found.Metadata[BlobMetadata.BaseIdentifier]));
        Assert.False(found.Metadata.ContainsKey(BlobMetadata.PatchGoal));
        await foreach (PageRange range in Store.ListPageRangesAsync(Blob(), null, null, 6 * MiB, MiB, default, Token))
        {
            Assert.Fail($"Zeros are stored as pages: {range}.");
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Patch_Qcow2OverRaw_BlobIsWhatTheTopShows()
    {
        Qemu.Require();
        string lower = Folder.MakeRaw("base.raw", MakeContent());
        await Qemu.RunAsync("create", "-f", "qcow2", "-F", "raw", "-b", lower, Folder["top.qcow2"]);
        await Programs.RunAsync("qemu-io", "-c", "write -P 0x5A 1M 192k", "-c", "write -z 5M 512k", Folder["top.qcow2"]);
        await Qemu.RunAsync("convert", "-O", "raw", Folder["top.qcow2"], Folder["top.raw"]);
        await PublishAsync(lower, "base.vhd");

        PublishedVhd patched = await DiskPublication.PublishAsync(
            OptionsFor(Folder["top.qcow2"]) with { BaseImage = $"{Container}/base.vhd", Verify = true }, null, Token);

        await AssertHoldsAsync(await File.ReadAllBytesAsync(Folder["top.raw"], Token), patched);
        Assert.InRange(patched.BytesSent, 192 * 1024, (192 * 1024) + 512);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("Copying base image", 0)]
    [InlineData("Uploading disk", 0)]
    [InlineData("Uploading disk", 0.5)]
    [InlineData("Uploading disk", 1)]
    public async Task Patch_Cancelled_ResumedWithWhatIsMissing(string activity, double share)
    {
        (ReferenceDisk lower, ReferenceDisk top) = await MakeChainAsync();
        await PublishAsync(Folder["base.vhd"], "base.vhd");
        await CancelAsync(PatchOptions(), share, activity);
        await AssertHalfAsync();
        await FailsAsync<TransferException>(
            ErrorCode.UploadIncomplete, PatchOptions() with { Destination = $"{Container}/new.vhd", BaseImage = $"{Container}/disk.vhd" });
        bool isEmpty = (await FindAsync()).CopyState == BlobCopyState.Aborted;
        byte[] left = isEmpty ? lower.Content : (await ReadAsync())[..DiskLength];
        long missing = Math.Min(DifferenceOf(top.Content, left), DifferenceOf(top.Content, lower.Content));

        PublishedVhd patched = await DiskPublication.PublishAsync(PatchOptions(), null, Token);

        await AssertHoldsAsync(top.Content, patched);
        Assert.Equal(!isEmpty, patched.IsResumed);
        Assert.InRange(patched.BytesSent, 512, (missing * 11 / 10) + 512);
    }

    [Fact(Timeout = 60_000)]
    public async Task Patch_HalfUploadOfOtherPatch_RefusedUntilOverwritingIsAllowed()
    {
        (ReferenceDisk lower, ReferenceDisk top) = await MakeChainAsync();
        await PublishAsync(Folder["base.vhd"], "base.vhd");
        await Folder.MakeDifferenceAsync("other.vhd", "base.vhd", lower, (3 * MiB, MiB, 9));
        await CancelAsync(PatchOptions() with { SourcePath = Folder["other.vhd"] }, 1);

        await FailsAsync<TransferException>(ErrorCode.UploadOfOtherDisk, PatchOptions());
        await FailsAsync<TransferException>(ErrorCode.UploadOfOtherDisk, PatchOptions() with { BaseImage = null });
        PublishedVhd patched = await DiskPublication.PublishAsync(PatchOptions() with { Overwrite = true }, null, Token);

        await AssertHoldsAsync(top.Content, patched);
    }

    [Fact(Timeout = 60_000)]
    public async Task Patch_BaseIsNoMemberOfTheChain_Refused()
    {
        await MakeChainAsync();
        PublishedVhd other = await PublishAsync(await Folder.MakeAsync("other.vhd", MakeContent().Fill(MiB, 512, 9)), "base.vhd");

        TransferException exception = await FailsAsync<TransferException>(ErrorCode.BaseImageMismatch, PatchOptions());

        Assert.Contains(other.ContentHash, exception.Message, StringComparison.Ordinal);
        Assert.Null(await Store.FindAsync(Blob(), null, Token));
    }

    [Fact(Timeout = 60_000)]
    public async Task Patch_BaseWasChangedAfterwards_RefusedWithBothHashes()
    {
        (ReferenceDisk lower, _) = await MakeChainAsync();
        PublishedVhd published = await PublishAsync(Folder["base.vhd"], "base.vhd");
        string noted = new('0', 64);
        BlobProperties found = await FindAsync("base.vhd");
        var metadata = new Dictionary<string, string>(found.Metadata, StringComparer.OrdinalIgnoreCase) { [BlobMetadata.ContentHash] = noted };
        await Store.SetMetadataAsync(Blob("base.vhd"), metadata, default, Token);

        TransferException exception = await FailsAsync<TransferException>(ErrorCode.BaseImageMismatch, PatchOptions());

        Assert.Contains(noted, exception.Message, StringComparison.Ordinal);
        Assert.Contains(published.ContentHash, exception.Message, StringComparison.Ordinal);
        Assert.Equal(NaiveContentHash.Of(lower.Content), published.ContentHash);
    }

    [Fact(Timeout = 60_000)]
    public async Task Patch_BaseOfNobodysUpload_RefusedAndSaysWhy()
    {
        await MakeChainAsync();
        await PublishAsync(Folder["base.vhd"], "base.vhd");
        await Store.SetMetadataAsync(Blob("base.vhd"), new Dictionary<string, string>(StringComparer.Ordinal), default, Token);

        TransferException exception = await FailsAsync<TransferException>(ErrorCode.BaseImageMismatch, PatchOptions());

        Assert.Contains("no content hash", exception.Message, StringComparison.Ordinal);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Patch_BaseHasMd5_PatchedBlobHasItsOwnOrNone(bool setsMd5)
    {
        await MakeChainAsync();
        await DiskPublication.PublishAsync(OptionsFor(Folder["base.vhd"], "base.vhd") with { SetContentMd5 = true }, null, Token);

        await DiskPublication.PublishAsync(PatchOptions() with { SetContentMd5 = setsMd5 }, null, Token);

        byte[]? noted = (await FindAsync()).ContentMd5;
        using var md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        md5.AppendData(await ReadAsync());
        Assert.Equal(setsMd5 ? md5.GetHashAndReset() : [], noted ?? []);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("Reading disk")]
    [InlineData("Uploading disk")]
    public async Task Patch_DiskChangedMeanwhile_NoDiskIsLeft(string activity)
    {
        await MakeChainAsync();
        await PublishAsync(Folder["base.vhd"], "base.vhd");

        await AssertChangeStopsAsync(PatchOptions(), activity);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(false, "was changed")]
    [InlineData(true, "was deleted")]
    public async Task Patch_BaseChangedMeanwhile_StopsAndNamesTheBase(bool isDeleted, string what)
    {
        await MakeChainAsync();
        PublishedVhd published = await PublishAsync(Folder["base.vhd"], "base.vhd");
        int isChanged = 0;
        var progress = new ActionProgress(report =>
        {
            if (report.Activity == "Reading disk" && Interlocked.Exchange(ref isChanged, 1) == 0)
            {
                Task change = isDeleted
                    ? Store.DeleteAsync(Blob("base.vhd"), null, withSnapshots: false, default, Token)
                    : Store.ClearPagesAsync(Blob("base.vhd"), 0, 512, default, Token);
                change.GetAwaiter().GetResult();
            }
        });

        TransferException exception = await Assert.ThrowsAsync<TransferException>(
            () => DiskPublication.PublishAsync(PatchOptions(), progress, Token));

        Assert.Equal((ErrorCode.BaseImageMismatch, published.Uri.AbsoluteUri), (exception.Code, exception.Target));
        Assert.Contains(what, exception.Message, StringComparison.Ordinal);
        Assert.NotNull(exception.RecommendedAction);
        await AssertHalfAsync();
    }

    [Fact(Timeout = 60_000)]
    public async Task Patch_BaseMissingOrTheTarget_Refused()
    {
        await MakeChainAsync();
        await FailsAsync<TransferException>(ErrorCode.BlobNotFound, PatchOptions());
        await PublishAsync(Folder["base.vhd"], "base.vhd");

        await FailsAsync<TransferException>(
            ErrorCode.AddressInvalid, PatchOptions() with { Destination = $"{Container}/base.vhd", Overwrite = true });
    }

    private PublishOptions PatchOptions() => OptionsFor(Folder["top.vhd"]) with { BaseImage = $"{Container}/base.vhd" };

    /// <summary>base.vhd, and top.vhd over middle.vhd on it, which change, add and hide data.</summary>
    private async Task<(ReferenceDisk Base, ReferenceDisk Top)> MakeChainAsync()
    {
        ReferenceDisk lower = MakeContent();
        await Folder.MakeAsync("base.vhd", lower, VhdType.Dynamic);
        ReferenceDisk middle = await Folder.MakeDifferenceAsync("middle.vhd", "base.vhd", lower, (512, 1024, 5), (6 * MiB, MiB, 0));
        ReferenceDisk top = await Folder.MakeDifferenceAsync("top.vhd", "middle.vhd", middle, (10 * MiB, 2 * MiB, 6), (5 * MiB, 70_656, 7));
        return (lower, top);
    }
}
