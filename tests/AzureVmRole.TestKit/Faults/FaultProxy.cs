using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace AzureVmRole.TestKit.Faults;

/// <summary>
/// An HTTP/1.1 proxy on loopback in front of a blob service: it passes everything on as it came, signatures stay valid, counts
/// it, and does to requests what its rules say. It speaks to the service over a new connection for each request.
/// </summary>
public sealed class FaultProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly ConcurrentDictionary<Task, bool> _connections = new();
    private readonly ConcurrentQueue<ProxiedRequest> _requests = new();
    private readonly Task _accepting;
    private ImmutableRules _rules = new([]);
    private int _count;

    private FaultProxy(IPEndPoint upstream)
    {
        Upstream = upstream;
        _listener.Start(512);
        Address = new Uri($"http://{_listener.LocalEndpoint}");
        _accepting = AcceptAsync();
    }

    /// <summary>Where clients find the proxy.</summary>
    public Uri Address { get; }

    /// <summary>
    /// Whether the proxy adds what Azure does and Azurite does not: it checks Content-MD5 of what is written, computes it for
    /// ranges that are read with x-ms-range-get-content-md5, and has Azure's Server header.
    /// </summary>
    public bool ActsAsAzure { get; set; }

    /// <summary>Every request so far, in the order of arrival.</summary>
    public IReadOnlyList<ProxiedRequest> Requests => [.. _requests];

    /// <summary>What went wrong inside the proxy itself; empty in a healthy test.</summary>
    public ConcurrentQueue<Exception> Failures { get; } = new();

    internal IPEndPoint Upstream { get; }

    /// <summary>Starts a proxy on a free port.</summary>
    /// <param name="upstream">The service on loopback; only host and port count.</param>
    public static FaultProxy Start(Uri upstream) => new(new IPEndPoint(IPAddress.Parse(upstream.Host), upstream.Port));

    /// <summary>The address of the same thing by way of the proxy.</summary>
    public Uri Through(Uri address) => new UriBuilder(address) { Host = Address.Host, Port = Address.Port }.Uri;

    /// <summary>Adds a rule. The first rule that fires treats the request.</summary>
    public FaultRule Add(FaultRule rule)
    {
        _rules = new ImmutableRules([.. _rules.All, rule]);
        return rule;
    }

    /// <summary>From now on everything passes.</summary>
    public void Heal() => _rules = new ImmutableRules([]);

    /// <summary>How many requests of each operation there were.</summary>
    public IReadOnlyDictionary<string, int> CountByOperation() =>
        _requests.CountBy(request => request.Operation, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections.Keys);
        _ending.Dispose();
        _listener.Dispose();
    }

    internal ProxiedRequest Note(MessageHead head)
    {
        var request = new ProxiedRequest(Interlocked.Increment(ref _count), TimeProvider.System.GetTimestamp(), head);
        _requests.Enqueue(request);
        return request;
    }

    internal Fault? FaultFor(ProxiedRequest request)
    {
        Fault? fault = _rules.All.FirstOrDefault(rule => rule.Fires(request))?.Fault;
        request.IsTreated = fault is not null;
        return fault;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket socket = await _listener.AcceptSocketAsync(_ending.Token);
                Task connection = ServeAsync(socket);
                _connections.TryAdd(connection, true);
                _ = connection.ContinueWith(
                    ended => _connections.TryRemove(ended, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException or SocketException && _ending.IsCancellationRequested)
        {
            // The proxy ends.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        await Task.Yield();
        using var client = new BufferedConnection(socket);
        try
        {
            var exchange = new ProxyExchange(this, client);
            while (await exchange.NextAsync(_ending.Token))
            {
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or EndOfStreamException or ObjectDisposedException)
        {
            // A client or the service went away, as they may.
            client.Reset();
        }
        catch (Exception exception)
        {
            Failures.Enqueue(exception);
            client.Reset();
        }
    }

    /// <summary>Replaced as a whole, so that connections read it without a lock.</summary>
    private sealed record ImmutableRules(IReadOnlyList<FaultRule> All);
}
