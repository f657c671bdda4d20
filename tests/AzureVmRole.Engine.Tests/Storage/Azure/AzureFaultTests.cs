using System.Security.Cryptography;
using AzureVmRole.Engine.Storage;
using AzureVmRole.Engine.Storage.Azure;
using AzureVmRole.TestKit;
using AzureVmRole.TestKit.Faults;
using Xunit;

namespace AzureVmRole.Engine.Tests.Storage.Azure;

/// <summary>The Azure store through a proxy that spoils requests and answers.</summary>
public sealed class AzureFaultTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private const int MiB = 1024 * 1024;

    private readonly RecordedLog _log = new();
    private readonly BlobName _blob = new("t" + Guid.NewGuid().ToString("N"), "disk.vhd");
    private FaultProxy? _proxy;
    private AzureBlobStore? _store;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private FaultProxy Proxy => _proxy ?? throw new InvalidOperationException("Not started.");

    private AzureBlobStore Store => _store ?? throw new InvalidOperationException("Not started.");

    public async ValueTask InitializeAsync()
    {
        AzuriteServer server = await azurite.StartAsync();
        _proxy = FaultProxy.Start(server.Host);
        _store = AzureTestStores.Open(_proxy.Address, new StoreConnection { Log = _log });
        await _store.CreateContainerAsync(_blob.Container, Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (_store is not null && _proxy is not null)
        {
            await _store.DisposeAsync();
            await _proxy.DisposeAsync();
            Assert.Empty(_proxy.Failures);
        }
    }

    [Theory(Timeout = 60_000)]
    [InlineData("drop")]
    [InlineData("lose")]
    [InlineData("busy")]
    [InlineData("error")]
    [InlineData("cut")]
    public async Task WritePages_Fault_SentAgainAndSaid(string fault)
    {
        await MakeAsync();
        byte[] data = RandomNumberGenerator.GetBytes(MiB);
        FaultRule rule = Proxy.Add(new FaultRule
        {
            Comp = "page",
            Count = 2,
            Fault = fault switch
            {
                "drop" => Fault.Drop,
                "lose" => Fault.LoseAnswer,
                "busy" => Fault.Busy,
                "error" => Fault.InternalError,
                _ => new Fault { CutsRequestAt = 1000 },
            },
        });

        await Store.WritePagesAsync(_blob, 0, data, default, Token);

        Assert.Equal(2, rule.Fired);
        Assert.Equal(2, _log.Decisions.Count(text => text.Contains("(try ", StringComparison.Ordinal)));
        Assert.Equal(data, await ReadAsync(MiB));
    }

    [Theory(Timeout = 60_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Read_BodyShort_ReadOnToTheEnd(bool isCut)
    {
        await MakeAsync();
        byte[] data = RandomNumberGenerator.GetBytes(MiB);
        await Store.WritePagesAsync(_blob, 0, data, default, Token);
        FaultRule rule = Proxy.Add(new FaultRule
        {
            Method = "GET",
            Count = 2,
            Fault = isCut ? new Fault { CutsAnswerAt = 5000 } : new Fault { TruncatesAnswerAt = 5000 },
        });

        Assert.Equal(data, await ReadAsync(MiB));

        Assert.Equal(2, rule.Fired);
        Assert.Contains(_log.Decisions, text => text.Contains("is asked for again", StringComparison.Ordinal));
    }

    [Fact(Timeout = 60_000)]
    public async Task Read_ChangedBetweenTries_BlobChanged()
    {
        await MakeAsync();
        await Store.WritePagesAsync(_blob, 0, new byte[MiB], default, Token);
        Proxy.Add(new FaultRule { Method = "GET", Fault = new Fault { TruncatesAnswerAt = 5000 } });
        Proxy.Add(new FaultRule
        {
            Method = "GET",
            Fault = new Fault { Before = (_, token) => Store.WritePagesAsync(_blob, 0, RandomNumberGenerator.GetBytes(512), default, token) },
        });

        TransferException exception = await Assert.ThrowsAsync<TransferException>(() => ReadAsync(MiB));

        Assert.Equal(ErrorCode.BlobChanged, exception.Code);
    }

    [Fact(Timeout = 60_000)]
    public async Task Read_AlwaysShort_StoreAnswerInvalid()
    {
        await MakeAsync();
        Proxy.Add(new FaultRule { Method = "GET", Count = 100, Fault = new Fault { TruncatesAnswerAt = 0 } });

        TransferException exception = await Assert.ThrowsAsync<TransferException>(() => ReadAsync(MiB));

        Assert.Equal(ErrorCode.StoreAnswerInvalid, exception.Code);
    }

    [Fact(Timeout = 60_000)]
    public async Task Create_AnswerLost_IsItsOwn()
    {
        FaultRule rule = Proxy.Add(new FaultRule { Method = "PUT", PathEnd = "disk.vhd", Fault = Fault.LoseAnswer });

        string etag = await MakeAsync(mustNotExist: true);

        Assert.Equal(1, rule.Fired);
        Assert.Equal(etag, (await Store.FindAsync(_blob, null, Token))?.ETag);
    }

    [Fact(Timeout = 60_000)]
    public async Task Create_AnswerLostAndOtherUploadThere_BlobExists()
    {
        await MakeAsync();
        Proxy.Add(new FaultRule { Method = "PUT", PathEnd = "disk.vhd", Fault = Fault.Drop });

        TransferException exception = await Assert.ThrowsAsync<TransferException>(() => MakeAsync(mustNotExist: true));

        Assert.Equal(ErrorCode.BlobExists, exception.Code);
    }

    [Fact(Timeout = 60_000)]
    public async Task Delete_AnswerLost_IsDone()
    {
        await MakeAsync();
        Proxy.Add(new FaultRule { Method = "DELETE", Fault = Fault.LoseAnswer });

        await Store.DeleteAsync(_blob, null, false, default, Token);

        Assert.Null(await Store.FindAsync(_blob, null, Token));
    }

    [Fact(Timeout = 60_000)]
    public async Task Lease_AnswersLost_TakenAndGivenBack()
    {
        await MakeAsync();
        string lease = Guid.NewGuid().ToString();
        Proxy.Add(new FaultRule { Comp = "lease", Fault = Fault.LoseAnswer });
        await Store.AcquireLeaseAsync(_blob, lease, null, default, Token);
        Proxy.Add(new FaultRule { Comp = "lease", Fault = Fault.LoseAnswer });

        await Store.ReleaseLeaseAsync(_blob, lease, Token);

        Assert.Equal(BlobLeaseState.Available, (await Store.FindAsync(_blob, null, Token))?.LeaseState);
    }

    [Fact(Timeout = 60_000)]
    public async Task StartCopy_AnswerLost_IsItsOwn()
    {
        await MakeAsync();
        BlobName target = _blob with { Name = "copy.vhd" };
        BlobCopySource source = await Store.GetCopySourceAsync(_blob, null, null, Token);
        Proxy.Add(new FaultRule { Method = "PUT", PathEnd = "copy.vhd", Fault = Fault.LoseAnswer });

        string copy = await Store.StartCopyAsync(target, source, null, new BlobConditions { MustNotExist = true }, Token);

        Assert.Equal(copy, (await Store.FindAsync(target, null, Token))?.CopyId);
    }

    [Fact(Timeout = 60_000)]
    public async Task Call_AlwaysBusy_StoreBusyAndFewerAtOnce()
    {
        await MakeAsync();
        int before = Store.Concurrency.Current;
        Proxy.Add(new FaultRule { Count = 100, Fault = Fault.Busy });

        TransferException exception = await Assert.ThrowsAsync<TransferException>(
            () => Store.WritePagesAsync(_blob, 0, new byte[512], default, Token));

        Assert.Equal((ErrorCode.StoreBusy, 503), (exception.Code, exception.Status));
        Assert.True(Store.Concurrency.Current < before);
    }

    [Fact(Timeout = 60_000)]
    public async Task WritePages_DamagedOnTheWayToAzure_SentAgain()
    {
        Proxy.ActsAsAzure = true;
        await using AzureBlobStore azure = AzureTestStores.Open(Proxy.Address);
        await azure.CreateAsync(_blob, MiB, new Dictionary<string, string>(StringComparer.Ordinal), default, Token);
        byte[] data = RandomNumberGenerator.GetBytes(MiB);
        FaultRule rule = Proxy.Add(new FaultRule { Comp = "page", Fault = new Fault { CorruptsRequestAt = 77 } });

        await azure.WritePagesAsync(_blob, 0, data, default, Token);

        Assert.True(azure.CanCopyPages);
        Assert.Equal(1, rule.Fired);
        Assert.Equal(data, await ReadAsync(MiB));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("AuthorizationPermissionMismatch", ErrorCode.AuthorizationFailed)]
    [InlineData("AuthenticationFailed", ErrorCode.AuthenticationFailed)]
    public async Task Find_RefusedByAnswerThatNamesATypeButHasNoBody_SaysThatAccessIsDenied(string serviceCode, ErrorCode expected)
    {
        Proxy.Add(new FaultRule { Method = "HEAD", Fault = new Fault { Answer = new InjectedAnswer(403, serviceCode) { AlwaysNamesType = true } } });

        TransferException exception = await Assert.ThrowsAsync<TransferException>(() => Store.FindAsync(_blob, null, Token));

        Assert.Equal((expected, 403, serviceCode), (exception.Code, exception.Status, exception.ServiceCode));
    }

    private Task<string> MakeAsync(bool mustNotExist = false) => Store.CreateAsync(
        _blob, MiB, new Dictionary<string, string>(StringComparer.Ordinal) { [BlobMetadata.UploadId] = Guid.NewGuid().ToString() },
        new BlobConditions { MustNotExist = mustNotExist }, Token);

    private async Task<byte[]> ReadAsync(int length)
    {
        byte[] data = new byte[length];
        await Store.ReadAsync(_blob, null, 0, data, default, Token);
        return data;
    }
}
