using AzureVmRole.TestKit.Faults;
using Xunit;

namespace AzureVmRole.Engine.Tests.Storage.Faults;

/// <summary>One fault at each request of an upload in turn: the upload ends right, or with one clear error and without a disk.</summary>
public sealed class UploadFaultTests(AzuriteFixture azurite)
{
    private static readonly Dictionary<string, Fault> Passing = new(StringComparer.Ordinal)
    {
        ["dropped"] = Fault.Drop,
        ["answer lost"] = Fault.LoseAnswer,
        ["cut in the request"] = new Fault { CutsRequestAt = 1000 },
        ["cut in the answer"] = new Fault { CutsAnswerAt = 100 },
        ["503"] = Fault.Busy,
        ["408"] = new Fault { Answer = new InjectedAnswer(408, "OperationTimedOut") },
        ["corrupted request"] = new Fault { CorruptsRequestAt = 777 },
    };

    public static TheoryData<string> Names => [.. Passing.Keys];

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(Names))]
    public async Task Publish_FaultAtEachRequestOnce_EndsRight(string name)
    {
        int requests = await CountRequestsAsync();
        await Task.WhenAll(Enumerable.Range(1, requests).Select(number => PublishAsync(Passing[name], number)));
    }

    /// <summary>How many requests an upload takes when nothing happens to it.</summary>
    private async Task<int> CountRequestsAsync()
    {
        await using FaultyStore store = await FaultyStore.StartAsync(azurite);
        await store.PublishAsync(FaultDisk.SaveTo(store.File("disk.raw")));
        await store.AssertCompleteAsync(FaultDisk.Content.Content);
        return store.Proxy.Requests.Count;
    }

    private async Task PublishAsync(Fault fault, int number)
    {
        await using FaultyStore store = await FaultyStore.StartAsync(azurite);
        store.Proxy.ActsAsAzure = true;
        FaultRule rule = store.Proxy.Add(new FaultRule { First = number, Fault = fault });
        try
        {
            await store.PublishAsync(FaultDisk.SaveTo(store.File("disk.raw")));
        }
        catch (AzureVmRoleException exception)
        {
            await store.AssertNothingCorruptIsADiskAsync(FaultDisk.Content.Content);
            Assert.Fail($"Request {store.Proxy.Requests.First(request => request.IsTreated)}: {exception}");
        }

        Assert.Equal(1, rule.Fired);
        await store.AssertCompleteAsync(FaultDisk.Content.Content);
    }
}
