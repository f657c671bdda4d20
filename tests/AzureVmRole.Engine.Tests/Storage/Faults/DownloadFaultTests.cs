using System.Text;
using AzureVmRole.TestKit.Faults;
using Xunit;

namespace AzureVmRole.Engine.Tests.Storage.Faults;

/// <summary>Faults of downloads: the file is right, or there is none and one clear error says why.</summary>
public sealed class DownloadFaultTests(AzuriteFixture azurite)
{
    private static readonly Dictionary<string, Fault> Passing = new(StringComparer.Ordinal)
    {
        ["dropped"] = Fault.Drop,
        ["answer lost"] = Fault.LoseAnswer,
        ["cut in the answer"] = new Fault { CutsAnswerAt = 40_000 },
        ["truncated answer"] = new Fault { TruncatesAnswerAt = 300 },
        ["503"] = Fault.Busy,
    };

    private static byte[] Content => FaultDisk.Content.Content;

    public static TheoryData<string> Names => [.. Passing.Keys];

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(Names))]
    public async Task Save_FaultAtEachRequestOnce_FileIsRight(string name)
    {
        await using FaultyStore store = await PrepareAsync();
        int requests = store.Proxy.Requests.Count;
        await store.SaveAsync(store.File("whole.vhd"));
        requests = store.Proxy.Requests.Count - requests;
        await Task.WhenAll(Enumerable.Range(1, requests).Select(number => SaveAsync(Passing[name], number)));
    }

    [Fact(Timeout = 120_000)]
    public async Task Save_AnyDataRequestCorrupted_RightOrContentHashMismatchAndNoFile()
    {
        await using FaultyStore store = await PrepareAsync();
        int mismatches = 0;
        for (int number = 1; number <= 4; number++)
        {
            store.Proxy.Heal();
            FaultRule rule = store.Proxy.Add(new FaultRule
            {
                When = request => request.Method == "GET" && request.Comp.Length == 0 && request.RangeStart < Content.Length,
                First = number,
                Fault = new Fault { CorruptsAnswerAt = 777 },
            });
            string target = store.File($"{number}.vhd");
            try
            {
                await store.SaveAsync(target);
                Assert.Equal(0, rule.Fired);
            }
            catch (TransferException exception)
            {
                mismatches++;
                Assert.Equal(ErrorCode.ContentHashMismatch, exception.Code);
                Assert.False(File.Exists(target));
                store.Proxy.Heal();
                await store.SaveAsync(target);
            }

            Assert.True(File.ReadAllBytes(target).AsSpan(0, Content.Length).SequenceEqual(Content));
        }

        Assert.InRange(mismatches, 1, 4);
    }

    [Fact(Timeout = 120_000)]
    public async Task Save_PageRangesCorrupted_ClearErrorAndNoFile()
    {
        await using FaultyStore store = await PrepareAsync();
        store.Proxy.Add(new FaultRule { Comp = "pagelist", Count = int.MaxValue, Fault = new Fault { CorruptsAnswerAt = 60 } });
        TransferException exception = await Assert.ThrowsAsync<TransferException>(() => store.SaveAsync(store.File("disk.vhd")));
        Assert.True(exception.Code is ErrorCode.StoreAnswerInvalid or ErrorCode.ContentHashMismatch, exception.ToString());
        Assert.False(File.Exists(store.File("disk.vhd")));
    }

    [Theory(Timeout = 120_000)]
    [InlineData("metadata")]
    [InlineData("pages")]
    [InlineData("deleted")]
    public async Task Save_BlobChangesBeforeAnyRead_BlobChangedOrGoneAndNoFile(string deed)
    {
        for (int number = 1; number <= 3; number++)
        {
            await using FaultyStore store = await PrepareAsync();
            FaultRule rule = store.Proxy.Add(new FaultRule
            {
                Method = "GET", First = number, Fault = new Fault { Before = (_, token) => ChangeAsync(store, deed, token) },
            });
            TransferException exception = await Assert.ThrowsAsync<TransferException>(() => store.SaveAsync(store.File("disk.vhd")));
            Assert.Equal(1, rule.Fired);
            // Azurite answers 412 to a condition on a blob that is gone, Azure 404.
            bool isClear = exception.Code == ErrorCode.BlobChanged || (deed == "deleted" && exception.Code == ErrorCode.BlobNotFound);
            Assert.True(isClear, $"Request {number}: {exception}");
            Assert.False(File.Exists(store.File("disk.vhd")));
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task Save_SignatureExpiresMidway_AuthenticationFailedThenGoesOn()
    {
        await using FaultyStore store = await PrepareAsync();
        store.Proxy.Add(new FaultRule { Method = "GET", First = 4, Count = int.MaxValue, Fault = Fault.Expired });
        TransferException exception = await Assert.ThrowsAsync<TransferException>(() => store.SaveAsync(store.File("disk.vhd")));
        Assert.Equal(ErrorCode.AuthenticationFailed, exception.Code);
        Assert.False(File.Exists(store.File("disk.vhd")));
        store.Proxy.Heal();
        await store.SaveAsync(store.File("disk.vhd"));
        AssertIsDisk(store.File("disk.vhd"));
    }

    private static void AssertIsDisk(string path)
    {
        ReadOnlySpan<byte> file = File.ReadAllBytes(path);
        Assert.True(file[..Content.Length].SequenceEqual(Content), "The file's content is another.");
        Assert.Equal("conectix", Encoding.ASCII.GetString(file.Slice(Content.Length, 8)));
    }

    private static Task ChangeAsync(FaultyStore store, string deed, CancellationToken token) => deed switch
    {
        "metadata" => BlobView.SetMetadataAsync(store.Direct(), "owner", "somebody", token),
        "pages" => BlobView.WriteAsync(store.Direct(), 3 << 20, new byte[4096], token),
        _ => BlobView.DeleteAsync(store.Direct(), token),
    };

    private async Task SaveAsync(Fault fault, int number)
    {
        await using FaultyStore store = await PrepareAsync();
        FaultRule rule = store.Proxy.Add(new FaultRule { First = number, Fault = fault });
        await store.SaveAsync(store.File("disk.vhd"));
        Assert.Equal(1, rule.Fired);
        AssertIsDisk(store.File("disk.vhd"));
    }

    private async Task<FaultyStore> PrepareAsync()
    {
        FaultyStore store = await FaultyStore.StartAsync(azurite);
        await store.PublishAsync(FaultDisk.SaveTo(store.File("disk.raw")));
        return store;
    }
}
