using AzureVmRole.Engine.Storage;
using AzureVmRole.TestKit.Faults;
using Xunit;

namespace AzureVmRole.Engine.Tests.Storage.Faults;

/// <summary>Somebody takes, replaces or deletes the blob while it is being uploaded: the upload stops and writes nothing into what is theirs.</summary>
public sealed class UploadInterferenceTests(AzuriteFixture azurite)
{
    private static readonly string[] Deeds = ["lease broken", "deleted", "replaced", "metadata rewritten"];

    public static TheoryData<string> Names => [.. Deeds];

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(Names))]
    public async Task Publish_BlobTakenAwayBeforeAnyWrite_StopsWithLeaseLost(string deed)
    {
        int writes = await CountWritesAsync();
        await Task.WhenAll(Enumerable.Range(1, writes).Select(number => PublishAsync(deed, number)));
    }

    private async Task<int> CountWritesAsync()
    {
        await using FaultyStore store = await FaultyStore.StartAsync(azurite);
        await store.PublishAsync(FaultDisk.SaveTo(store.File("disk.raw")));
        return store.Proxy.Requests.Count(IsWrite);
    }

    private static bool IsWrite(ProxiedRequest request) => request.Method == "PUT" && request.Comp is "page" or "metadata";

    private async Task PublishAsync(string deed, int number)
    {
        await using FaultyStore store = await FaultyStore.StartAsync(azurite);
        Task<byte[]>? meddling = null;
        store.Proxy.Add(new FaultRule
        {
            When = IsWrite,
            First = number,
            // To its end, also when the upload has given up meanwhile because of another of its requests.
            Fault = new Fault { Before = (_, _) => meddling = MeddleAsync(store, deed, TestContext.Current.CancellationToken) },
        });
        TransferException exception = await Assert.ThrowsAsync<TransferException>(() => store.PublishAsync(FaultDisk.SaveTo(store.File("disk.raw"))));
        Assert.True(exception.Code == ErrorCode.LeaseLost || (deed == "deleted" && exception.Code == ErrorCode.BlobNotFound), exception.ToString());
        byte[] theirs = await Assert.IsAssignableFrom<Task<byte[]>>(meddling);
        BlobView? view = await store.LookAsync();
        Assert.Equal(deed == "deleted", view is null);
        Assert.False(view?.State == BlobMetadata.Complete);
        if (deed == "replaced")
        {
            Assert.Equal(theirs, view?.Content);
        }
    }

    private static async Task<byte[]> MeddleAsync(FaultyStore store, string deed, CancellationToken token)
    {
        await BlobView.BreakLeaseAsync(store.Direct(), token);
        switch (deed)
        {
            case "deleted":
                await BlobView.DeleteAsync(store.Direct(), token);
                break;
            case "replaced":
                await BlobView.DeleteAsync(store.Direct(), token);
                await BlobView.CreateAsync(store.Direct(), FaultDisk.Content.Content.Length + 512, token);
                await BlobView.WriteAsync(store.Direct(), 4096, new byte[4096], token);
                return (await BlobView.ReadAsync(store.Direct(), token))?.Content ?? [];
            case "metadata rewritten":
                await BlobView.SetMetadataAsync(store.Direct(), "owner", "somebody", token);
                break;
            default:
                break;
        }

        return [];
    }
}
