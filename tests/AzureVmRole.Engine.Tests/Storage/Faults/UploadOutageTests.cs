using AzureVmRole.Engine.Storage;
using AzureVmRole.Engine.Storage.Publishing;
using AzureVmRole.TestKit;
using AzureVmRole.TestKit.Faults;
using Xunit;

namespace AzureVmRole.Engine.Tests.Storage.Faults;

/// <summary>Faults that do not pass by themselves: the upload stops with one clear error, and the next one goes on from there.</summary>
public sealed class UploadOutageTests(AzuriteFixture azurite)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static byte[] Content => FaultDisk.Content.Content;

    [Theory(Timeout = 120_000)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Publish_SignatureExpiresMidway_StopsAndGoesOnWithANewOne(int pagesBefore)
    {
        await using FaultyStore store = await FaultyStore.StartAsync(azurite);
        string source = FaultDisk.SaveTo(store.File("disk.raw"));
        int pages = 0;
        store.Proxy.Add(new FaultRule
        {
            When = request => Volatile.Read(ref pages) >= pagesBefore || (request.Comp == "page" && Interlocked.Increment(ref pages) > pagesBefore),
            Count = int.MaxValue,
            Fault = Fault.Expired,
        });
        PublishOptions options = store.ToPublish(source);
        options = options with { Connection = options.Connection with { NumberOfThreads = 1, SharedAccessSignature = AccountSignature.Create() } };
        TransferException exception = await Assert.ThrowsAsync<TransferException>(() => DiskPublication.PublishAsync(options, null, Token));
        Assert.Equal((ErrorCode.AuthenticationFailed, 403), (exception.Code, exception.Status));
        Assert.NotNull(exception.RecommendedAction);
        BlobView? half = await store.LookAsync();
        Assert.Equal((false, BlobMetadata.Uploading), (half?.HasValidFooter, half?.State));

        store.Proxy.Heal();
        string other = AccountSignature.Create(expiresOn: new DateTimeOffset(2098, 1, 1, 0, 0, 0, TimeSpan.Zero));
        PublishedVhd published = await DiskPublication.PublishAsync(
            options with { Connection = options.Connection with { SharedAccessSignature = other } }, null, Token);
        Assert.True(published.IsResumed);
        Assert.True(published.BytesKept > 0);
        await store.AssertCompleteAsync(Content);
    }

    [Theory(Timeout = 120_000)]
    [InlineData("AuthorizationFailure", ErrorCode.AuthorizationFailed)]
    public async Task Publish_RefusedAtAnyRequest_OneClearErrorAtOnceAndNoDisk(string serviceCode, ErrorCode expected)
    {
        // What comes after the metadata that makes it complete is only the lease's release, which nobody needs.
        for (int number = 1; number <= await CountUntilCompleteAsync(); number++)
        {
            await using FaultyStore store = await FaultyStore.StartAsync(azurite);
            store.Proxy.Add(new FaultRule
            {
                First = number, Count = int.MaxValue, Fault = new Fault { Answer = new InjectedAnswer(403, serviceCode) },
            });
            TransferException exception = await Assert.ThrowsAsync<TransferException>(() => store.PublishAsync(FaultDisk.SaveTo(store.File("disk.raw"))));
            Assert.True(expected == exception.Code, $"Request {number}: {exception}");
            BlobView? half = await store.LookAsync();
            Assert.False(half?.State == BlobMetadata.Complete);
            await store.AssertNothingCorruptIsADiskAsync(Content);
            Assert.InRange(store.Proxy.Requests.Count(request => request.IsTreated), 1, 8);
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task Publish_RetryAfterOnAPage_SameRangeComesAgainOnceAndNotBefore()
    {
        await using FaultyStore store = await FaultyStore.StartAsync(azurite);
        store.Proxy.Add(new FaultRule { Comp = "page", Fault = Fault.BusyFor(1) });
        await store.PublishAsync(FaultDisk.SaveTo(store.File("disk.raw")));
        ProxiedRequest refused = Assert.Single(store.Proxy.Requests, request => request.IsTreated);
        ProxiedRequest[] same = [.. store.Proxy.Requests.Where(request => request.Comp == "page" && request.RangeStart == refused.RangeStart)];
        Assert.Equal([503, 201], same.Select(request => request.Status));
        Assert.True(TimeProvider.System.GetElapsedTime(same[0].ArrivedAt, same[1].ArrivedAt) >= TimeSpan.FromSeconds(0.95));
        Assert.Contains(store.Log.Texts, text => text.Contains("503", StringComparison.Ordinal));
        await store.AssertCompleteAsync(Content);
    }

    [Fact(Timeout = 120_000)]
    public async Task Publish_StoreWithoutChecksumsCorruptsPage_VerifyFindsIt()
    {
        await using FaultyStore store = await FaultyStore.StartAsync(azurite);
        store.Proxy.Add(new FaultRule { Comp = "page", First = 2, Fault = new Fault { CorruptsRequestAt = 12_345 } });
        PublishOptions options = store.ToPublish(FaultDisk.SaveTo(store.File("disk.raw"))) with { Verify = true };
        TransferException exception = await Assert.ThrowsAsync<TransferException>(() => DiskPublication.PublishAsync(options, null, Token));
        Assert.Equal(ErrorCode.ContentHashMismatch, exception.Code);
        BlobView? half = await store.LookAsync();
        Assert.Equal((false, BlobMetadata.Uploading), (half?.HasValidFooter, half?.State));
    }

    [Fact(Timeout = 120_000)]
    public async Task Publish_StoreWithoutChecksumsCorruptsFooter_ReadBackFindsIt()
    {
        await using FaultyStore store = await FaultyStore.StartAsync(azurite);
        store.Proxy.Add(new FaultRule
        {
            Comp = "page", When = request => request.RangeStart == Content.Length, Fault = new Fault { CorruptsRequestAt = 100 },
        });
        TransferException exception = await Assert.ThrowsAsync<TransferException>(() => store.PublishAsync(FaultDisk.SaveTo(store.File("disk.raw"))));
        Assert.Equal(ErrorCode.ContentHashMismatch, exception.Code);
        BlobView? half = await store.LookAsync();
        Assert.Equal((false, BlobMetadata.Uploading), (half?.HasValidFooter, half?.State));
        Assert.True((await store.PublishAsync(store.File("disk.raw"))).IsResumed);
        await store.AssertCompleteAsync(Content);
    }

    [Fact(Timeout = 120_000)]
    public async Task Publish_ServiceNeverTakesAPageUndamaged_StopsAfterSomeTries()
    {
        Assert.SkipUnless(FaultRuns.AreLong, FaultRuns.Reason);
        await using FaultyStore store = await FaultyStore.StartAsync(azurite);
        store.Proxy.ActsAsAzure = true;
        store.Proxy.Add(new FaultRule
        {
            Comp = "page", When = request => request.RangeStart == 0, Count = int.MaxValue, Fault = new Fault { CorruptsRequestAt = 5 },
        });
        TransferException exception = await Assert.ThrowsAsync<TransferException>(() => store.PublishAsync(FaultDisk.SaveTo(store.File("disk.raw"))));
        Assert.Equal(ErrorCode.ContentHashMismatch, exception.Code);
        Assert.InRange(store.Proxy.Requests.Count(request => request.IsTreated), 2, 12);
        BlobView? half = await store.LookAsync();
        Assert.Equal((false, BlobMetadata.Uploading), (half?.HasValidFooter, half?.State));
    }

    [Theory(Timeout = 300_000)]
    [InlineData(true, ErrorCode.StoreUnreachable)]
    [InlineData(false, ErrorCode.StoreBusy)]
    public async Task Publish_StoreIsGoneForGood_StopsAndIsResumed(bool isDropped, ErrorCode expected)
    {
        Assert.SkipUnless(FaultRuns.AreLong, FaultRuns.Reason);
        await using FaultyStore store = await FaultyStore.StartAsync(azurite);
        store.Proxy.Add(new FaultRule { First = 6, Count = int.MaxValue, Fault = isDropped ? Fault.Drop : Fault.Busy });
        TransferException exception = await Assert.ThrowsAsync<TransferException>(() => store.PublishAsync(FaultDisk.SaveTo(store.File("disk.raw"))));
        Assert.Equal(expected, exception.Code);
        await store.AssertNothingCorruptIsADiskAsync(Content);
        store.Proxy.Heal();
        Assert.True((await store.PublishAsync(store.File("disk.raw"))).IsResumed);
        await store.AssertCompleteAsync(Content);
    }

    private async Task<int> CountUntilCompleteAsync()
    {
        await using FaultyStore store = await FaultyStore.StartAsync(azurite);
        await store.PublishAsync(FaultDisk.SaveTo(store.File("disk.raw")));
        return store.Proxy.Requests.Last(request => request.Comp == "metadata").Number;
    }
}
