using System.Net;
using System.Net.Sockets;
using AzureVmRole.Engine.Storage;
using AzureVmRole.Engine.Storage.Azure;
using AzureVmRole.TestKit;
using AzureVmRole.TestKit.Faults;
using Xunit;

namespace AzureVmRole.Engine.Tests.Storage.Azure;

/// <summary>No request that fails shows any part of a key or a signature.</summary>
public sealed class AzureSecretTests(AzuriteFixture azurite)
{
    private const string WrongKey = "U2VjcmV0U2VjcmV0U2VjcmV0U2VjcmV0U2VjcmV0U2VjcmV0U2VjcmV0U2VjcmV0U2VjcmV0U2VjcmV0U2Vjcg==";
    private const string SignatureValue = "VGhpc0lzVGhlU2VjcmV0U2lnbmF0dXJl";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static string WrongSignature => $"sv=2023-01-03&ss=b&srt=sco&sp=rwdlac&se=2020-01-01T00%3A00%3A00Z&sig={SignatureValue}%3D";

    public static TheoryData<bool, string> Cases()
    {
        var cases = new TheoryData<bool, string>();
        foreach (string fault in new[] { "refused", "busy", "drop", "cut", "unreachable" })
        {
            cases.Add(true, fault);
            cases.Add(false, fault);
        }

        return cases;
    }

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(Cases))]
    public async Task Call_Fails_ShowsNoSecret(bool byKey, string fault)
    {
        AzuriteServer server = await azurite.StartAsync();
        var log = new RecordedLog();
        await using var proxy = FaultProxy.Start(server.Host);
        var connection = new StoreConnection { Log = log, AccountKey = byKey ? WrongKey : null, SharedAccessSignature = byKey ? null : WrongSignature };
        await using AzureBlobStore store = AzureTestStores.Open(fault == "unreachable" ? Nobody() : proxy.Address, connection);
        Fault? spoiled = fault switch
        {
            "busy" => Fault.Busy,
            "drop" => Fault.Drop,
            "cut" => new Fault { CutsAnswerAt = 10 },
            _ => null,
        };
        if (spoiled is not null)
        {
            proxy.Add(new FaultRule { Count = int.MaxValue, Fault = spoiled });
        }

        foreach (Func<Task> call in Calls(store))
        {
            TransferException exception = await Assert.ThrowsAsync<TransferException>(call);
            if (fault == "refused")
            {
                Assert.Equal(ErrorCode.AuthenticationFailed, exception.Code);
            }

            AssertNoSecret($"{exception}\n{exception.Target}\n{exception.RecommendedAction}\n{exception.RequestId}\n{exception.ServiceCode}");
            Assert.Null(exception.InnerException);
        }

        AssertNoSecret(string.Join('\n', log.Decisions.Concat(log.Warnings)) + store.Root + store.GetUri(new BlobName("c", "n")));
    }

    [Theory]
    [InlineData("AccountName=acc;AccountKey=VGhpc0lzVGhlU2VjcmV0U2lnbmF0dXJl*")]
    [InlineData("AccountKey=VGhpc0lzVGhlU2VjcmV0U2lnbmF0dXJl")]
    [InlineData("VGhpc0lzVGhlU2VjcmV0U2lnbmF0dXJl")]
    [InlineData("BlobEndpoint=ftp://x/?VGhpc0lzVGhlU2VjcmV0U2lnbmF0dXJl;SharedAccessSignature=VGhpc0lzVGhlU2VjcmV0U2lnbmF0dXJl")]
    [InlineData("BlobEndpoint=https://acc.blob.core.windows.net/c/;SharedAccessSignature=VGhpc0lzVGhlU2VjcmV0U2lnbmF0dXJl")]
    public void OpenStore_ConnectionStringMalformed_ShowsNoSecret(string connectionString)
    {
        TransferException exception = Assert.Throws<TransferException>(
            () => BlobStores.OpenStore(null, new StoreConnection { ConnectionString = connectionString }));

        Assert.Equal(ErrorCode.AddressInvalid, exception.Code);
        AssertNoSecret($"{exception}\n{exception.Target}\n{exception.RecommendedAction}");
    }

    /// <summary>An address where nothing listens any more.</summary>
    private static Uri Nobody()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new Uri($"http://{listener.LocalEndpoint}/");
    }

    private static IEnumerable<Func<Task>> Calls(AzureBlobStore store)
    {
        var blob = new BlobName("container", "disk.vhd");
        string lease = Guid.NewGuid().ToString();
        var none = new Dictionary<string, string>(StringComparer.Ordinal);
        yield return () => store.FindAsync(blob, null, Token);
        yield return () => store.CreateAsync(blob, 512, none, default, Token);
        yield return () => store.WritePagesAsync(blob, 0, new byte[512], default, Token);
        yield return () => store.ReadAsync(blob, null, 0, new byte[512], default, Token);
        yield return () => store.AcquireLeaseAsync(blob, lease, null, default, Token);
        yield return () => store.DeleteAsync(blob, null, false, default, Token);
        yield return async () => await store.ListContainersAsync(Token).GetAsyncEnumerator(Token).MoveNextAsync();
        yield return async () => await store.ListAsync(new BlobListing { Container = "container" }, Token).GetAsyncEnumerator(Token).MoveNextAsync();
        yield return async () => await store.StartCopyAsync(blob, await store.GetCopySourceAsync(blob, null, null, Token), null, default, Token);
    }

    private static void AssertNoSecret(string text)
    {
        Assert.DoesNotContain(SignatureValue, text, StringComparison.Ordinal);
        Assert.DoesNotContain(WrongKey[..16], text, StringComparison.Ordinal);
        Assert.DoesNotContain("sig=", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("SharedKey ", text, StringComparison.Ordinal);
    }
}
