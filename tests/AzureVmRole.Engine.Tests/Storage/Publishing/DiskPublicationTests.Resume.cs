using AzureVmRole.Engine.Storage;
using AzureVmRole.Engine.Storage.Publishing;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Engine.Tests.Storage.Publishing;

public abstract partial class DiskPublicationTests
{
    [Theory(Timeout = 60_000)]
    [InlineData(0, false, false)]
    [InlineData(0.3, false, true)]
    [InlineData(0.6, true, false)]
    [InlineData(0.9, true, true)]
    public async Task Resume_AfterCancellation_SendsOnlyWhatIsMissing(double share, bool isOtherHome, bool hasCheckpoints)
    {
        ReferenceDisk content = MakeDense();
        PublishOptions options = OptionsFor(Folder.MakeRaw("disk.raw", content)) with
        {
            Clock = hasCheckpoints ? new HastyClock() : TimeProvider.System,
        };
        await CancelAsync(options, share);
        await AssertHalfAsync();
        Assert.Equal(BlobLeaseState.Available, (await FindAsync()).LeaseState);
        long missing = DifferenceOf(content.Content, (await ReadAsync())[..DiskLength]);

        PublishedVhd published = await DiskPublication.PublishAsync(
            options with { UploadsPath = isOtherHome ? Folder["home"] : options.UploadsPath }, null, Token);

        await AssertHoldsAsync(content.Content, published);
        Assert.True(published.IsResumed);
        Assert.InRange(published.BytesSent, missing + 512, (missing * 11 / 10) + 512);
        Assert.Equal(DataIn(content.Content), published.BytesSent - 512 + published.BytesKept);
    }

    [Fact(Timeout = 60_000)]
    public async Task Resume_FromOtherFormatOfSameContent_Continues()
    {
        ReferenceDisk content = MakeDense();
        string raw = Folder.MakeRaw("disk.raw", content);
        await CancelAsync(OptionsFor(raw), 0.5);
        await Operations.ConvertAsync(raw, Folder["disk.vhdx"], VhdType.Dynamic);

        PublishedVhd published = await PublishAsync(Folder["disk.vhdx"]);

        await AssertHoldsAsync(content.Content, published);
        Assert.True(published.IsResumed);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Resume_OtherContent_RefusedUntilOverwritingIsAllowed(bool hasCheckpoints)
    {
        PublishOptions options = OptionsFor(Folder.MakeRaw("old.raw", MakeDense())) with
        {
            Clock = hasCheckpoints ? new HastyClock() : TimeProvider.System,
        };
        await CancelAsync(options, 0.8);
        ReferenceDisk content = MakeDense().Fill(0, DiskLength, 77);
        PublishOptions other = OptionsFor(Folder.MakeRaw("disk.raw", content));

        await FailsAsync<TransferException>(ErrorCode.UploadOfOtherDisk, other);
        PublishedVhd published = await DiskPublication.PublishAsync(other with { Overwrite = true }, null, Token);

        await AssertHoldsAsync(content.Content, published);
        Assert.False(published.IsResumed);
    }

    [Fact(Timeout = 60_000)]
    public async Task Resume_PagesWhereTheDiskHasZeros_AreCleared()
    {
        ReferenceDisk content = MakeContent();
        await CancelAsync(OptionsFor(Folder.MakeRaw("old.raw", content.Copy().Fill(14 * MiB, MiB, 8))), 0.7);
        PublishedVhd published = await PublishAsync(Folder.MakeRaw("disk.raw", content));

        await AssertHoldsAsync(content.Content, published);
    }

    [Fact(Timeout = 60_000)]
    public async Task Resume_PredecessorsWriteArrivesLate_Refused()
    {
        ReferenceDisk content = MakeDense();
        PublishOptions options = OptionsFor(Folder.MakeRaw("disk.raw", content));
        await CancelAsync(options, 0.5);
        string late = "";
        using (var journal = UploadJournal.TryOpen(options.UploadsPath, Store.GetUri(Blob())))
        {
            late = journal!.Entry!.LeaseId;
        }

        Task? write = null;
        var progress = new ActionProgress(report =>
        {
            if (report.Activity == "Uploading disk")
            {
                write ??= Store.WritePagesAsync(Blob(), 11 * MiB, new byte[] { 1 }.Concat(new byte[511]).ToArray(), new BlobConditions { LeaseId = late }, Token);
            }
        });
        PublishedVhd published = await DiskPublication.PublishAsync(options, progress, Token);

        await Assert.ThrowsAsync<TransferException>(() => write!);
        await AssertHoldsAsync(content.Content, published);
    }

    [Fact(Timeout = 60_000)]
    public async Task Resume_PredecessorOfThisMachineWasKilled_ItsLeaseIsTakenOver()
    {
        ReferenceDisk content = MakeDense();
        PublishOptions options = OptionsFor(Folder.MakeRaw("disk.raw", content));
        await CancelAsync(options, 0.5);
        string lease = Guid.NewGuid().ToString();
        await Store.AcquireLeaseAsync(Blob(), lease, TimeSpan.FromSeconds(60), default, Token);
        await FailsAsync<TransferException>(ErrorCode.BlobLeased, options with { UploadsPath = Folder["home"] });
        using (var journal = UploadJournal.TryOpen(options.UploadsPath, Store.GetUri(Blob())))
        {
            Assert.NotNull(journal);
            journal.Write(new UploadJournalEntry("", Guid.NewGuid().ToString(), lease));
        }

        PublishedVhd published = await DiskPublication.PublishAsync(options, null, Token);

        await AssertHoldsAsync(content.Content, published);
        Assert.Empty(Journals);
    }

    [Fact(Timeout = 60_000)]
    public async Task Resume_FooterWasWrittenAlready_ClearedUntilEverythingIsThere()
    {
        ReferenceDisk content = MakeDense();
        PublishOptions options = OptionsFor(Folder.MakeRaw("disk.raw", content));
        await PublishAsync(options.SourcePath, "whole.vhd");
        byte[] footer = (await ReadAsync("whole.vhd"))[DiskLength..];
        await CancelAsync(options, 0.3);
        await Store.WritePagesAsync(Blob(), DiskLength, footer, default, Token);

        await CancelAsync(options, 0);
        await AssertHalfAsync();
        await AssertHoldsAsync(content.Content, await DiskPublication.PublishAsync(options, null, Token));
    }

    /// <summary>Data nearly everywhere, so that there are several requests.</summary>
    private static ReferenceDisk MakeDense() => new ReferenceDisk(DiskLength)
        .Fill(0, 11 * MiB, 1)
        .Fill(12 * MiB, 11 * MiB, 2);
}
