using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using AzureVmRole.Daemon.Arm;
using AzureVmRole.Daemon.Endpoints;
using AzureVmRole.Daemon.Http;
using AzureVmRole.Daemon.Logging;
using AzureVmRole.Daemon.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AzureVmRole.Daemon.Hosting;

/// <summary>The daemon around a fabric: certificate, token, logs, server, and the note that tells clients where it is.</summary>
internal sealed class FabricDaemon : IAsyncDisposable
{
    private readonly DaemonOptions _options;
    private readonly FabricDoor _door;
    private readonly TimeProvider _clock;
    private readonly DateTimeOffset _started;
    private readonly ServerCertificate _certificate;
    private readonly AuditLog _audit;
    private readonly WebApplication _server;

    private FabricDaemon(DaemonOptions options, FabricDoor door, ILoggerProvider logs, TimeProvider clock)
    {
        _options = options;
        _door = door;
        _clock = clock;
        _started = clock.GetUtcNow();
        var token = BearerToken.Open(Path.Combine(options.FolderPath, "token"));
        _certificate = ServerCertificate.Open(Path.Combine(options.FolderPath, "certificate.pem"), clock);
        _audit = new AuditLog(Path.Combine(options.FolderPath, "audit.log"), options.LogSizeInBytes, clock);
        _server = LoopbackServer.Make(options, _certificate, logs);
        Port = options.Port == 0 ? LoopbackServer.FreePort() : options.Port;
        Use(token);
    }

    /// <summary>Where it listens.</summary>
    public int Port { get; }

    /// <summary>The address that clients are told.</summary>
    public Uri Endpoint => new($"https://127.0.0.1:{Port}/");

    /// <summary>Ends when somebody has asked the daemon to stop.</summary>
    public Task Stopping
    {
        get
        {
            var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _server.Lifetime.ApplicationStopping.Register(asked.SetResult);
            return asked.Task;
        }
    }

    private string NotePath => Path.Combine(_options.FolderPath, "fabric.json");

    /// <summary>Starts the daemon of a fabric; it answers when this returns.</summary>
    /// <param name="options">What it is started with.</param>
    /// <param name="door">The fabric.</param>
    /// <param name="logs">Where it writes what it has to say.</param>
    /// <param name="clock">The time.</param>
    /// <param name="cancellationToken">Ends the starting.</param>
    /// <exception cref="FabricException">A file that holds a secret is not safe.</exception>
    /// <exception cref="IOException">The port is in use.</exception>
    public static async Task<FabricDaemon> StartAsync(
        DaemonOptions options, FabricDoor door, ILoggerProvider logs, TimeProvider clock, CancellationToken cancellationToken)
    {
        PrivateFile.CreateFolder(options.FolderPath);
        PrivateFile.RemoveUnfinished(options.FolderPath);
        var daemon = new FabricDaemon(options, door, logs, clock);
        try
        {
            await daemon.ListenAsync(cancellationToken).ConfigureAwait(false);
            daemon._certificate.Renewed = _ => daemon.WriteNote();
            daemon.WriteNote();
            return daemon;
        }
        catch
        {
            await daemon.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Takes no new requests, and waits for those that are being answered.</summary>
    public async Task StopAsync()
    {
        File.Delete(NotePath);
        using var longest = new CancellationTokenSource(_options.LongestDrain, _clock);
        await _server.StopAsync(longest.Token).ConfigureAwait(false);
    }

    /// <summary>What the daemon is, as clients are told; holds no secret.</summary>
    public JsonObject Describe() => new()
    {
        ["endpoint"] = Endpoint.AbsoluteUri,
        ["thumbprint"] = _certificate.Thumbprint,
        ["subscriptionId"] = _door.Options.SubscriptionId,
        ["processId"] = Environment.ProcessId,
        ["started"] = _started.ToString("O", CultureInfo.InvariantCulture),
        ["version"] = ProgramVersion.Text,
        ["hostKind"] = _door.HostKind,
        ["locations"] = new JsonArray([.. _door.Options.Locations.Select(location => JsonValue.Create(location))]),
    };

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        File.Delete(NotePath);
        await _server.DisposeAsync().ConfigureAwait(false);
        _certificate.Dispose();
        _audit.Dispose();
    }

    private void Use(BearerToken token)
    {
        var guard = new RequestGuard(
            token, new TokenBucket(_options.RequestsPerSecond, _options.RequestBurst, _clock),
            new TokenBucket(_options.RefusalsPerSecond, _options.RefusalsPerSecond, _clock));
        var operations = new OperationAnswers(_door, _options.LongestHold, _server.Lifetime.ApplicationStopping);
        var routes = new RouteTable();
        var resources = new ResourceEndpoints(_door, operations);
        new FabricEndpoints(Describe, _server.Lifetime.StopApplication).Map(routes);
        new LoginEndpoints(guard).Map(routes);
        new SubscriptionEndpoints(_door).Map(routes);
        new LocationEndpoints(_door, operations, resources).Map(routes);
        new SkuEndpoints(_door).Map(routes);
        new TagEndpoints(_door, operations).Map(routes);
        new ResourceListEndpoints(_door).Map(routes);
        resources.Map(routes);
        var front = new FrontDoor(_door, routes, guard, _audit, _clock, _server.Services.GetRequiredService<ILogger<FrontDoor>>());
        _server.Run(front.HandleAsync);
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        _server.Urls.Add($"https://{IPAddress.Loopback}:{Port}");
        if (Socket.OSSupportsIPv6 && LoopbackServer.IsFree(IPAddress.IPv6Loopback, Port))
        {
            _server.Urls.Add($"https://[{IPAddress.IPv6Loopback}]:{Port}");
        }

        await _server.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    private void WriteNote() => PrivateFile.Write(NotePath, Encoding.UTF8.GetBytes(Describe().ToJsonString()), overwrite: true);
}
