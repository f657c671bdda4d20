using AzureVmRole.Engine.Storage;
using AzureVmRole.Engine.Storage.Publishing;
using AzureVmRole.Engine.Tests.Storage.Publishing;
using AzureVmRole.TestKit;
using AzureVmRole.TestKit.Faults;
using Xunit;

namespace AzureVmRole.Engine.Tests.Storage.Faults;

/// <summary>
/// A copy of the base that the service is still making when somebody continues the upload. Azurite's copies end at once, so the
/// proxy says for a while that they have not, and refuses what a service refuses until then.
/// </summary>
public sealed class PendingCopyTests(AzuriteFixture azurite)
{
    private const string Pending = "x-ms-copy-status: pending";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task Publish_OwnCopyIsPending_WaitedForAndContinued()
    {
        await using FaultyStore store = await FaultyStore.StartAsync(azurite);
        using var folder = new DiskFolder();
        ReferenceDisk top = await LeaveCopyAsync(store, folder, goal: null);
        (FaultRule looks, FaultRule writes) = Pretend(store, looks: 4);

        PublishedVhd patched = await DiskPublication.PublishAsync(Options(store, folder), null, Token);

        Assert.True(patched.IsResumed);
        Assert.Equal((4, 0), (looks.Fired, writes.Fired));
        Assert.DoesNotContain(store.Proxy.Requests, request => request.Operation.StartsWith("PUT copy", StringComparison.Ordinal));
        await store.AssertCompleteAsync(top.Content);
    }

    [Fact(Timeout = 120_000)]
    public async Task Publish_PendingCopyOfOtherPatch_RefusedUntilOverwritingIsAllowed()
    {
        await using FaultyStore store = await FaultyStore.StartAsync(azurite);
        using var folder = new DiskFolder();
        ReferenceDisk top = await LeaveCopyAsync(store, folder, goal: new string('0', 64));
        Pretend(store, looks: 1);
        TransferException exception = await Assert.ThrowsAsync<TransferException>(
            () => DiskPublication.PublishAsync(Options(store, folder), null, Token));
        Assert.Equal(ErrorCode.UploadOfOtherDisk, exception.Code);
        store.Proxy.Heal();
        (_, FaultRule writes) = Pretend(store, looks: 2);

        PublishedVhd patched = await DiskPublication.PublishAsync(Options(store, folder) with { Overwrite = true }, null, Token);

        Assert.False(patched.IsResumed);
        Assert.Equal(0, writes.Fired);
        Assert.Contains(store.Proxy.Requests, request => request.Operation.StartsWith("PUT copy", StringComparison.Ordinal));
        await store.AssertCompleteAsync(top.Content);
    }

    [Fact(Timeout = 120_000)]
    public async Task Publish_SomebodyElsesCopyIsPending_RefusedAndSaysWho()
    {
        await using FaultyStore store = await FaultyStore.StartAsync(azurite);
        using var folder = new DiskFolder();
        await MakeChainAsync(store, folder);
        await BlobView.CreateAsync(store.Direct(), 512, Token);
        await BlobView.SetMetadataAsync(store.Direct(), BlobMetadata.LeaseHolder, "the other team", Token);
        (_, FaultRule writes) = Pretend(store, looks: int.MaxValue, heading: "x-ms-copy-id: 5e1b3c1c-0000-4000-8000-000000000000");

        TransferException exception = await Assert.ThrowsAsync<TransferException>(
            () => DiskPublication.PublishAsync(Options(store, folder) with { Overwrite = true }, null, Token));

        Assert.Equal((ErrorCode.BlobInUse, 0), (exception.Code, writes.Fired));
        Assert.Contains("the other team", exception.Message, StringComparison.Ordinal);
    }

    /// <summary>Until so many looks at the blob, its copy is said to be pending, and it takes nothing.</summary>
    private static (FaultRule Looks, FaultRule Writes) Pretend(FaultyStore store, int looks, string? heading = null)
    {
        FaultRule seen = store.Proxy.Add(new FaultRule
        {
            Method = "HEAD", PathEnd = "disk.vhd", Count = looks, Fault = new Fault { AnswerHeader = heading is null ? Pending : $"{heading}\r\n{Pending}" },
        });
        FaultRule refused = store.Proxy.Add(new FaultRule
        {
            PathEnd = "disk.vhd", Count = int.MaxValue, When = request => seen.Fired < looks && request.Comp is "metadata" or "page" && request.Method == "PUT",
            Fault = new Fault { Answer = new InjectedAnswer(409, "PendingCopyOperation") },
        });
        return (seen, refused);
    }

    private static PublishOptions Options(FaultyStore store, DiskFolder folder) =>
        store.ToPublish(folder["top.vhd"]) with { BaseImage = store.Address("base.vhd") };

    /// <summary>What an upload leaves that was killed when it had asked for the copy.</summary>
    private static async Task<ReferenceDisk> LeaveCopyAsync(FaultyStore store, DiskFolder folder, string? goal)
    {
        (ReferenceDisk top, PublishedVhd lower) = await MakeChainAsync(store, folder);
        OpenedBlob from = BlobStores.Open(store.Address("base.vhd"), store.Connection);
        await using (from)
        {
            var marker = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                [BlobMetadata.State] = BlobMetadata.Uploading,
                [BlobMetadata.UploadId] = Guid.NewGuid().ToString(),
                [BlobMetadata.Uploader] = "a killed one",
                [BlobMetadata.BaseIdentifier] = lower.DiskIdentifier.ToString(),
                [BlobMetadata.BaseContentHash] = lower.ContentHash,
                [BlobMetadata.PatchGoal] = goal ?? NaiveContentHash.Of(top.Content),
            };
            BlobName source = from.RequireBlob();
            BlobCopySource place = await from.Store.GetCopySourceAsync(source, null, null, Token);
            await from.Store.StartCopyAsync(source with { Name = "disk.vhd" }, place, marker, default, Token);
        }

        return top;
    }

    private static async Task<(ReferenceDisk Top, PublishedVhd Lower)> MakeChainAsync(FaultyStore store, DiskFolder folder)
    {
        ReferenceDisk lower = DiskFolder.MakeContent();
        await folder.MakeAsync("base.vhd", lower);
        ReferenceDisk top = await folder.MakeDifferenceAsync("top.vhd", "base.vhd", lower, (3 * DiskFolder.MiB, DiskFolder.MiB, 9));
        return (top, await store.PublishAsync(folder["base.vhd"], "base.vhd"));
    }
}
