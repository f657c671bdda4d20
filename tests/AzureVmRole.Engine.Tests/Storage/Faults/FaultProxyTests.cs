using System.Net;
using System.Security.Cryptography;
using AzureVmRole.TestKit.Faults;
using Xunit;

namespace AzureVmRole.Engine.Tests.Storage.Faults;

/// <summary>The proxy does to requests what its rules say, and nothing else.</summary>
public sealed class FaultProxyTests : IAsyncDisposable
{
    private readonly EchoService _service = new();
    private readonly FaultProxy _proxy;
    private readonly HttpClient _client = new();

    public FaultProxyTests() => _proxy = FaultProxy.Start(_service.Address);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _proxy.DisposeAsync();
        await _service.DisposeAsync();
        Assert.Empty(_proxy.Failures);
    }

    [Fact(Timeout = 60_000)]
    public async Task Send_NoRule_PassesUnchangedAndIsCounted()
    {
        byte[] data = RandomNumberGenerator.GetBytes(1 << 20);
        for (int index = 0; index < 3; index++)
        {
            using HttpResponseMessage answer = await PutAsync("/account/container/a%20b?comp=page", data);
            Assert.Equal(data, await answer.Content.ReadAsByteArrayAsync(Token));
            Assert.Equal(_proxy.Address.Authority, Assert.Single(answer.Headers.GetValues("x-host")));
        }

        Assert.Equal(3, _proxy.CountByOperation()["PUT page"]);
        Assert.All(_proxy.Requests, request => Assert.Equal((1 << 20, 200, "/account/container/a b"), (request.BodyBytesSent, request.Status, request.Path)));
    }

    [Fact(Timeout = 60_000)]
    public async Task Send_RuleForSecondPage_OnlyThatIsAnswered()
    {
        FaultRule rule = _proxy.Add(new FaultRule { Method = "PUT", Comp = "page", First = 2, Fault = Fault.BusyFor(7) });
        using HttpResponseMessage other = await PutAsync("/x?comp=metadata", [1]);
        using HttpResponseMessage first = await PutAsync("/x?comp=page", [1]);
        using HttpResponseMessage second = await PutAsync("/x?comp=page", [1]);
        using HttpResponseMessage third = await PutAsync("/x?comp=page", [1]);
        Assert.Equal([200, 200, 503, 200], new[] { other, first, second, third }.Select(answer => (int)answer.StatusCode));
        Assert.Equal(TimeSpan.FromSeconds(7), second.Headers.RetryAfter?.Delta);
        Assert.Equal((1, 3), (rule.Fired, _service.Count));
    }

    [Theory(Timeout = 60_000)]
    [InlineData(true, 0)]
    [InlineData(false, 1)]
    public async Task Send_ConnectionLost_ServiceSawItOrNot(bool before, int seen)
    {
        _proxy.Add(new FaultRule { Fault = before ? Fault.Drop : Fault.LoseAnswer });
        await Assert.ThrowsAsync<HttpRequestException>(() => PutAsync("/x", [1, 2, 3]));
        Assert.Equal(seen, _service.Count);
        using HttpResponseMessage answer = await PutAsync("/x", [1, 2, 3]);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact(Timeout = 60_000)]
    public async Task Send_Corruption_OneByteDiffers()
    {
        _proxy.Add(new FaultRule { Fault = new Fault { CorruptsRequestAt = 1 } });
        _proxy.Add(new FaultRule { Fault = new Fault { CorruptsAnswerAt = 99 } });
        using HttpResponseMessage first = await PutAsync("/x", [1, 2, 3]);
        using HttpResponseMessage second = await PutAsync("/x", [1, 2, 3]);
        Assert.Equal([1, 0xFD, 3], await first.Content.ReadAsByteArrayAsync(Token));
        Assert.Equal([1, 2, 0xFC], await second.Content.ReadAsByteArrayAsync(Token));
    }

    [Fact(Timeout = 60_000)]
    public async Task Receive_TruncatedOrCut_ShortOrBroken()
    {
        _proxy.Add(new FaultRule { Fault = new Fault { TruncatesAnswerAt = 2 } });
        _proxy.Add(new FaultRule { Fault = new Fault { CutsAnswerAt = 2 } });
        using HttpResponseMessage truncated = await _client.GetAsync(new Uri(_proxy.Address, "/x"), Token);
        Assert.Equal("an", await truncated.Content.ReadAsStringAsync(Token));
        await Assert.ThrowsAsync<HttpRequestException>(() => _client.GetAsync(new Uri(_proxy.Address, "/x"), Token));
    }

    [Fact(Timeout = 60_000)]
    public async Task Send_Gate_WaitsUntilOpened()
    {
        var gate = new FaultGate();
        _proxy.Add(new FaultRule { Fault = gate.Fault });
        Task<HttpResponseMessage> request = PutAsync("/x", [1]);
        await gate.Reached.WaitAsync(Token);
        Assert.Equal((false, 0), (request.IsCompleted, _service.Count));
        gate.Open();
        using HttpResponseMessage answer = await request;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact(Timeout = 60_000)]
    public async Task Send_ActingAsAzure_WrongMd5Refused()
    {
        _proxy.ActsAsAzure = true;
        _proxy.Add(new FaultRule { First = 2, Fault = new Fault { CorruptsRequestAt = 0 } });
        using HttpResponseMessage good = await PutAsync("/x", [1, 2, 3], withMd5: true);
        using HttpResponseMessage bad = await PutAsync("/x", [1, 2, 3], withMd5: true);
        Assert.Equal("Md5Mismatch", Assert.Single(bad.Headers.GetValues("x-ms-error-code")));
        Assert.Equal([200, 400], new[] { good, bad }.Select(answer => (int)answer.StatusCode));
        Assert.Equal("Windows-Azure-Blob/1.0 Microsoft-HTTPAPI/2.0", good.Headers.Server.ToString());
    }

    private async Task<HttpResponseMessage> PutAsync(string target, byte[] data, bool withMd5 = false)
    {
        using var content = new ByteArrayContent(data);
#pragma warning disable CA5351 // The protocol's checksum.
        content.Headers.ContentMD5 = withMd5 ? MD5.HashData(data) : null;
#pragma warning restore CA5351
        return await _client.PutAsync(new Uri(_proxy.Address, target), content, Token);
    }
}
