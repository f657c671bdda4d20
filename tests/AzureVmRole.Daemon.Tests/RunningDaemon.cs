using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using AzureVmRole.Daemon.Arm;
using AzureVmRole.Daemon.Hosting;
using AzureVmRole.Daemon.Logging;
using AzureVmRole.Fabric;
using AzureVmRole.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace AzureVmRole.Daemon.Tests;

/// <summary>A daemon in this process, on loopback with real TLS, over a fabric in a temporary home or over a double.</summary>
internal sealed class RunningDaemon : IAsyncDisposable
{
    private readonly TemporaryFolder _home;
    private readonly Fabric.LocalFabric? _fabric;
    private readonly FileLoggerProvider _logs;

    private RunningDaemon(TemporaryFolder home, Fabric.LocalFabric? fabric, FileLoggerProvider logs, FabricDaemon daemon)
    {
        _home = home;
        _fabric = fabric;
        _logs = logs;
        Daemon = daemon;
        Token = File.ReadAllText(FileOf("token")).Trim();
        Note = (JsonObject)JsonNode.Parse(File.ReadAllText(FileOf("fabric.json")))!;
        Client = NewClient();
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
    }

    public FabricDaemon Daemon { get; }

    public string HomePath => _home.Path;

    public string Token { get; }

    /// <summary>fabric.json as it was when the daemon had started.</summary>
    public JsonObject Note { get; }

    /// <summary>Carries the token and pins the certificate.</summary>
    public HttpClient Client { get; }

    public string Subscription => $"/subscriptions/{Note["subscriptionId"]}";

    public static async Task<RunningDaemon> StartAsync(
        CancellationToken cancellationToken, Func<DaemonOptions, DaemonOptions>? change = null, Func<FabricOptions, FabricDoor>? door = null)
    {
        var home = new TemporaryFolder();
        var options = new DaemonOptions { Fabric = new FabricOptions { HomePath = home.Path } };
        options = change?.Invoke(options) ?? options;
        Directory.CreateDirectory(options.FolderPath);
        Fabric.LocalFabric? fabric = door is null
            ? await Fabric.LocalFabric.OpenAsync(options.Fabric, TimeProvider.System, new FabricLog(NullLogger<FabricLog>.Instance), cancellationToken)
            : null;
        var logs = new FileLoggerProvider(Path.Combine(options.FolderPath, "daemon.log"), options.LogSizeInBytes, TimeProvider.System);
        FabricDaemon daemon = await FabricDaemon.StartAsync(
            options, fabric is null ? door!(options.Fabric) : DaemonRun.DoorOf(fabric), logs, TimeProvider.System, cancellationToken);
        return new RunningDaemon(home, fabric, logs, daemon);
    }

    /// <summary>A file of the daemon.</summary>
    public string FileOf(string name) => Path.Combine(_home.Path, "fabric", name);

    /// <summary>A client without the token.</summary>
    public HttpClient NewClient() => new(PinnedHandler()) { BaseAddress = Daemon.Endpoint, Timeout = TimeSpan.FromSeconds(60) };

    /// <summary>Trusts the certificate of fabric.json only.</summary>
    public SocketsHttpHandler PinnedHandler()
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) =>
            certificate is X509Certificate2 shown && shown.GetCertHashString(HashAlgorithmName.SHA256) == Note["thumbprint"]!.ToString();
        return handler;
    }

    /// <summary>Sends a request with the token.</summary>
    /// <returns>Status, headers and the JSON of the body; an empty object for none.</returns>
    public async Task<Answer> SendAsync(
        CancellationToken cancellationToken, string method, string path, string? body = null, params (string Name, string Value)[] headers)
    {
        string address = path.Contains("api-version", StringComparison.Ordinal) ? path : $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}api-version=2023-07-01";
        using var request = new HttpRequestMessage(new HttpMethod(method), address);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using HttpResponseMessage response = await Client.SendAsync(request, cancellationToken);
        string text = await response.Content.ReadAsStringAsync(cancellationToken);
        return new Answer(
            response.StatusCode, text.Length > 0 ? JsonNode.Parse(text)! : new JsonObject(),
            response.Headers.Concat(response.Content.Headers).ToDictionary(pair => pair.Key, pair => string.Join(',', pair.Value), StringComparer.OrdinalIgnoreCase));
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Daemon.DisposeAsync();
        if (_fabric is not null)
        {
            await _fabric.DisposeAsync();
        }

        _logs.Dispose();
        _home.Dispose();
    }

    /// <summary>What came back.</summary>
    internal sealed record Answer(HttpStatusCode Status, JsonNode Body, IReadOnlyDictionary<string, string> Headers)
    {
        public string? Code => Body is JsonObject body && body["error"] is JsonObject error ? error["code"]?.ToString() : null;
    }
}
