using AzureVmRole.Engine.Storage;
using AzureVmRole.Engine.Storage.Copying;
using AzureVmRole.Engine.Storage.Removal;
using AzureVmRole.TestKit.Faults;
using Xunit;

namespace AzureVmRole.Engine.Tests.Storage.Faults;

/// <summary>Faults of what the service does by itself: copies, listings, removals.</summary>
public sealed class ServiceFaultTests(AzuriteFixture azurite)
{
    private const int Blobs = 7;

    private static readonly Dictionary<string, Fault> Passing = new(StringComparer.Ordinal)
    {
        ["dropped"] = Fault.Drop,
        ["answer lost"] = Fault.LoseAnswer,
        ["cut in the answer"] = new Fault { CutsAnswerAt = 200 },
        ["503"] = Fault.Busy,
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Names => [.. Passing.Keys];

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(Names))]
    public async Task Copy_FaultAtEachRequestOnce_CopyIsRightOrThereIsNone(string name)
    {
        int requests = await CopyAsync(null, 0);
        await Task.WhenAll(Enumerable.Range(1, requests).Select(number => CopyAsync(Passing[name], number)));
    }

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(Names))]
    public async Task Remove_FaultAtEachRequestOnce_BlobIsGone(string name)
    {
        int requests = await RemoveAsync(null, 0);
        await Task.WhenAll(Enumerable.Range(1, requests).Select(number => RemoveAsync(Passing[name], number)));
    }

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(Names))]
    public async Task List_FaultAtEachRequestOnce_ListIsWhole(string name)
    {
        await using FaultyStore store = await FillAsync();
        for (int number = 1; number <= 4; number++)
        {
            store.Proxy.Heal();
            FaultRule rule = store.Proxy.Add(new FaultRule { Comp = "list", First = number, Fault = Passing[name] });
            Assert.Equal(Blobs, (await ListAsync(store)).Count);
            Assert.Equal(1, rule.Fired);
        }
    }

    [Theory(Timeout = 120_000)]
    [InlineData(0)]
    [InlineData(200)]
    [InlineData(900)]
    public async Task List_PageThatEndsEarly_ErrorNeverAShorterList(int length)
    {
        await using FaultyStore store = await FillAsync();
        store.Proxy.Add(new FaultRule { Comp = "list", First = 2, Count = int.MaxValue, Fault = new Fault { TruncatesAnswerAt = length } });
        TransferException exception = await Assert.ThrowsAsync<TransferException>(() => ListAsync(store));
        Assert.True(
            exception.Code is ErrorCode.StoreAnswerInvalid or ErrorCode.ListingIncomplete or ErrorCode.StoreUnreachable, exception.ToString());
    }

    [Fact(Timeout = 120_000)]
    public async Task List_RefusedOnALaterPage_AuthorizationFailed()
    {
        await using FaultyStore store = await FillAsync();
        store.Proxy.Add(new FaultRule
        {
            Comp = "list", First = 2, Count = int.MaxValue, Fault = new Fault { Answer = new InjectedAnswer(403, "AuthorizationPermissionMismatch") },
        });
        TransferException exception = await Assert.ThrowsAsync<TransferException>(() => ListAsync(store));
        Assert.Equal(ErrorCode.AuthorizationFailed, exception.Code);
    }

    private static async Task<List<BlobProperties>> ListAsync(FaultyStore store)
    {
        OpenedBlob opened = BlobStores.Open(store.Address(""), store.Connection);
        await using (opened)
        {
            var found = new List<BlobProperties>();
            await foreach (BlobProperties blob in opened.Store.ListAsync(new BlobListing { Container = opened.Container, PageSize = 2 }, Token))
            {
                found.Add(blob);
            }

            return found;
        }
    }

    private async Task<FaultyStore> FillAsync()
    {
        FaultyStore store = await FaultyStore.StartAsync(azurite);
        for (int index = 0; index < Blobs; index++)
        {
            await BlobView.CreateAsync(store.Direct($"{index}.vhd"), 1024, Token);
        }

        return store;
    }

    private async Task<int> CopyAsync(Fault? fault, int number)
    {
        await using FaultyStore store = await PublishAsync();
        int before = store.Proxy.Requests.Count;
        Arm(store, fault, number);
        var options = new BlobCopyOptions { Source = store.Address(), Destination = store.Address("copy.vhd"), Connection = store.Connection };
        try
        {
            await BlobCopy.CopyAsync(options, null, Token);
            BlobView? copy = await store.LookAsync("copy.vhd");
            Assert.True(copy is { HasValidFooter: true } && copy.Disk.SequenceEqual(FaultDisk.Content.Content), "The copy is not right.");
        }
        catch (TransferException) when (fault is not null)
        {
            await store.AssertNothingCorruptIsADiskAsync(FaultDisk.Content.Content, "copy.vhd");
        }

        await store.AssertCompleteAsync(FaultDisk.Content.Content);
        return store.Proxy.Requests.Count - before;
    }

    private async Task<int> RemoveAsync(Fault? fault, int number)
    {
        await using FaultyStore store = await PublishAsync();
        int before = store.Proxy.Requests.Count;
        Arm(store, fault, number);
        await BlobRemoval.RemoveAsync(new BlobRemovalOptions { Address = store.Address(), Connection = store.Connection }, Token);
        Assert.Null(await store.LookAsync());
        return store.Proxy.Requests.Count - before;
    }

    private static void Arm(FaultyStore store, Fault? fault, int number)
    {
        if (fault is not null)
        {
            store.Proxy.Add(new FaultRule { First = number, Fault = fault });
        }
    }

    private async Task<FaultyStore> PublishAsync()
    {
        FaultyStore store = await FaultyStore.StartAsync(azurite);
        await store.PublishAsync(FaultDisk.SaveTo(store.File("disk.raw")));
        return store;
    }
}
