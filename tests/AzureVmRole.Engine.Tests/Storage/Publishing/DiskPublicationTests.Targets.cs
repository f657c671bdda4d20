using AzureVmRole.Engine.Storage;
using AzureVmRole.Engine.Storage.Publishing;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Engine.Tests.Storage.Publishing;

public abstract partial class DiskPublicationTests
{
    [Fact(Timeout = 60_000)]
    public async Task Publish_BlobExists_RefusedUntilOverwritingIsAllowed()
    {
        await PublishAsync(Folder.MakeRaw("old.raw", MakeContent()));
        string etag = (await FindAsync()).ETag;
        var content = new ReferenceDisk(DiskLength + MiB);
        content.Fill(7 * MiB, 4096, 9);
        PublishOptions options = OptionsFor(Folder.MakeRaw("disk.raw", content));

        await FailsAsync<TransferException>(ErrorCode.BlobExists, options);
        Assert.Equal(etag, (await FindAsync()).ETag);
        PublishedVhd published = await DiskPublication.PublishAsync(options with { Overwrite = true }, null, Token);

        await AssertHoldsAsync(content.Content, published);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Publish_BlobLeased_RefusedWithHolderAndNothingChanged(bool isUpload)
    {
        string path = Folder.MakeRaw("disk.raw", MakeContent());
        await Store.CreateContainerAsync(Container, Token);
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [isUpload ? BlobMetadata.Uploader : BlobMetadata.LeaseHolder] = "somebody else",
            [BlobMetadata.State] = isUpload ? BlobMetadata.Uploading : BlobMetadata.Complete,
        };
        await Store.CreateAsync(Blob(), DiskLength + 512, metadata, default, Token);
        await Store.AcquireLeaseAsync(Blob(), Guid.NewGuid().ToString(), null, default, Token);
        string etag = (await FindAsync()).ETag;

        TransferException exception = await FailsAsync<TransferException>(
            ErrorCode.BlobLeased, OptionsFor(path) with { Overwrite = true });

        Assert.Contains("somebody else", exception.Message, StringComparison.Ordinal);
        Assert.Equal(etag, (await FindAsync()).ETag);
    }

    [Fact(Timeout = 60_000)]
    public async Task Publish_HalfUploadOfOtherSize_RefusedUntilOverwritingIsAllowed()
    {
        await CancelAsync(OptionsFor(Folder.MakeRaw("old.raw", new ReferenceDisk(DiskLength + MiB).Fill(MiB, MiB, 5))), 0);
        ReferenceDisk content = MakeContent();
        PublishOptions options = OptionsFor(Folder.MakeRaw("disk.raw", content));

        await FailsAsync<TransferException>(ErrorCode.BlobSizeMismatch, options);
        PublishedVhd published = await DiskPublication.PublishAsync(options with { Overwrite = true }, null, Token);

        await AssertHoldsAsync(content.Content, published);
    }

    [Fact(Timeout = 60_000)]
    public async Task Publish_TwoAtOnce_OneWinsAndTheOtherLearnsWho()
    {
        ReferenceDisk content = MakeContent();
        string path = await Folder.MakeAsync("disk.vhd", content);
        for (int round = 0; round < 5; round++)
        {
            string blob = $"disk{round}.vhd";
            Task<PublishedVhd>[] attempts =
            [
                DiskPublication.PublishAsync(OptionsFor(path, blob), null, Token),
                DiskPublication.PublishAsync(OptionsFor(path, blob) with { UploadsPath = Folder["other-home"] }, null, Token),
            ];
            await Assert.ThrowsAsync<TransferException>(() => Task.WhenAll(attempts));
            Task<PublishedVhd> winner = attempts.First(attempt => attempt.IsCompletedSuccessfully);
            Task<PublishedVhd> loser = attempts.First(attempt => attempt != winner);
            TransferException exception = await Assert.ThrowsAsync<TransferException>(() => loser);
            Assert.Contains(exception.Code, new[] { ErrorCode.BlobLeased, ErrorCode.LeaseLost, ErrorCode.BlobExists });
            Assert.True(
                exception.Code == ErrorCode.BlobExists || exception.Message.Contains($"process {Environment.ProcessId}", StringComparison.Ordinal),
                exception.Message);
            await AssertHoldsAsync(content.Content, await winner, blob);
        }
    }

    [Theory(Timeout = 60_000)]
    [InlineData("Uploading disk")]
    [InlineData("Computing MD5")]
    public Task Publish_DiskChangedMeanwhile_NoDiskIsLeft(string activity) => AssertChangeStopsAsync(
        OptionsFor(Folder.MakeRaw("disk.raw", MakeContent())) with { SetContentMd5 = true }, activity);

    [Fact(Timeout = 60_000)]
    public async Task Publish_JournalCannotBeWritten_BlobThatIsReplacedStays()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has a file that is always full.");
        ReferenceDisk content = MakeContent();
        PublishOptions options = OptionsFor(Folder.MakeRaw("disk.raw", content)) with { Overwrite = true };
        PublishedVhd published = await DiskPublication.PublishAsync(options, null, Token);
        string journal;
        using (UploadJournal.TryOpen(options.UploadsPath, Store.GetUri(Blob())))
        {
            journal = Assert.Single(Journals);
        }

        File.CreateSymbolicLink(journal, "/dev/full");

        DiskOperationException exception = await FailsAsync<DiskOperationException>(ErrorCode.InsufficientSpace, options);

        Assert.Equal(journal, exception.Target);

        await AssertHoldsAsync(content.Content, published);
    }

    [Fact(Timeout = 60_000)]
    public async Task Publish_AnotherProcessOfThisMachineUploads_Refused()
    {
        string path = Folder.MakeRaw("disk.raw", MakeContent());
        PublishOptions options = OptionsFor(path);
        using (var held = UploadJournal.TryOpen(options.UploadsPath, Store.GetUri(Blob())))
        {
            Assert.NotNull(held);
            await FailsAsync<TransferException>(ErrorCode.BlobLeased, options);
        }

        Assert.Null(await Store.FindAsync(Blob(), null, Token));
    }

    [Theory(Timeout = 60_000)]
    [InlineData(false, "a thief")]
    [InlineData(true, "nobody any more")]
    public async Task Publish_LeaseTakenWhileUploading_StopsAndNamesTheHolder(bool isGivenBack, string holder)
    {
        string path = Folder.MakeRaw("disk.raw", MakeContent());
        string thief = Guid.NewGuid().ToString();
        int isTaken = 0;
        var progress = new ActionProgress(_ =>
        {
            if (Interlocked.Exchange(ref isTaken, 1) == 0)
            {
                StealAsync(thief, isGivenBack).GetAwaiter().GetResult();
            }
        });

        TransferException exception = await Assert.ThrowsAsync<TransferException>(
            () => DiskPublication.PublishAsync(OptionsFor(path), progress, Token));

        Assert.Equal(ErrorCode.LeaseLost, exception.Code);
        Assert.Contains(holder, exception.Message, StringComparison.Ordinal);
        await AssertHalfAsync();
    }

    /// <summary>Somebody who asks for no lock writes to the disk while it is read.</summary>
    private async Task AssertChangeStopsAsync(PublishOptions options, string activity)
    {
        File.SetLastWriteTimeUtc(options.SourcePath, DateTime.UnixEpoch);
        int isChanged = 0;
        var progress = new ActionProgress(report =>
        {
            if (report.Activity == activity && Interlocked.Exchange(ref isChanged, 1) == 0)
            {
                using var file = new FileStream(options.SourcePath, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
                file.Position = 5 * MiB;
                file.WriteByte(0xA5);
            }
        });

        DiskOperationException exception = await Assert.ThrowsAsync<DiskOperationException>(
            () => DiskPublication.PublishAsync(options, progress, Token));

        Assert.Equal((ErrorCode.DiskInUse, options.SourcePath), (exception.Code, exception.Target));
        await AssertHalfAsync();
    }

    private async Task StealAsync(string lease, bool isGivenBack)
    {
        await Store.BreakLeaseAsync(Blob(), TimeSpan.Zero, default, Token);
        await Store.AcquireLeaseAsync(Blob(), lease, null, default, Token);
        var metadata = new Dictionary<string, string>((await FindAsync()).Metadata, StringComparer.OrdinalIgnoreCase)
        {
            [BlobMetadata.LeaseHolder] = "a thief",
        };
        await Store.SetMetadataAsync(Blob(), metadata, new BlobConditions { LeaseId = lease }, Token);
        if (isGivenBack)
        {
            await Store.ReleaseLeaseAsync(Blob(), lease, Token);
        }
    }
}
