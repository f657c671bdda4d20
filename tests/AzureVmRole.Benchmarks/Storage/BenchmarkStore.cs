using System.Net.Http.Headers;
using AzureVmRole.TestKit;
using AzureVmRole.TestKit.Faults;

namespace AzureVmRole.Benchmarks.Storage;

/// <summary>A fresh Azurite with one container; it has seen some traffic, so that its code is compiled.</summary>
internal sealed class BenchmarkStore : IAsyncDisposable
{
    public const string Container = "bench";

    private const int WarmUpPieces = 24;
    private const int PieceSize = 4 << 20;

    private readonly AzuriteServer _server;
    private readonly FaultProxy? _proxy;

    private BenchmarkStore(AzuriteServer server, FaultProxy? proxy)
    {
        _server = server;
        _proxy = proxy;
    }

    /// <summary>What came through the proxy; empty where there is none.</summary>
    public IReadOnlyList<ProxiedRequest> Requests => _proxy?.Requests ?? [];

    /// <summary>Starts the store.</summary>
    /// <param name="counts">Whether requests go through a proxy that counts them.</param>
    public static async Task<BenchmarkStore> StartAsync(bool counts = false)
    {
        AzuriteServer server = await AzuriteServer.StartAsync(CancellationToken.None);
        var store = new BenchmarkStore(server, counts ? FaultProxy.Start(server.Host) : null);
        try
        {
            await store.WarmUpAsync();
            return store;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    /// <summary>The address of a blob, with a signature.</summary>
    public string AddressOf(string blob) =>
        $"{_proxy?.Through(_server.Endpoint) ?? _server.Endpoint}/{Container}/{blob}?{AccountSignature.Create()}";

    public async ValueTask DisposeAsync()
    {
        if (_proxy is not null)
        {
            await _proxy.DisposeAsync();
        }

        await _server.DisposeAsync();
    }

    private async Task WarmUpAsync()
    {
        using var client = new HttpClient();
        string signature = AccountSignature.Create();
        await SendAsync(client, HttpMethod.Put, $"{_server.Endpoint}/{Container}?restype=container&{signature}", []);
        string blob = $"{_server.Endpoint}/{Container}/warm-up?{signature}";
        await SendAsync(client, HttpMethod.Put, blob, [("x-ms-blob-type", "PageBlob"), ("x-ms-blob-content-length", $"{WarmUpPieces * (long)PieceSize}")]);
        byte[] piece = new byte[PieceSize];
        new Random(3).NextBytes(piece);
        for (long index = 0; index < WarmUpPieces; index++)
        {
            string range = $"bytes={index * PieceSize}-{((index + 1) * PieceSize) - 1}";
            await SendAsync(client, HttpMethod.Put, $"{blob}&comp=page", [("x-ms-range", range), ("x-ms-page-write", "update")], piece);
            await SendAsync(client, HttpMethod.Get, blob, [("x-ms-range", range)]);
        }

        await SendAsync(client, HttpMethod.Delete, blob, []);
    }

    private static async Task SendAsync(HttpClient client, HttpMethod method, string address, (string Name, string Value)[] headers, byte[]? body = null)
    {
        using var request = new HttpRequestMessage(method, address);
        request.Headers.Add("x-ms-version", "2021-08-06");
        foreach ((string name, string value) in headers)
        {
            request.Headers.Add(name, value);
        }

        if (method == HttpMethod.Put)
        {
            request.Content = new ByteArrayContent(body ?? []);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        }

        using HttpResponseMessage answer = await client.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        await answer.Content.CopyToAsync(Stream.Null);
    }
}
