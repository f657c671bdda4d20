using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AzureVmRole.Fabric.Hosts.Qemu;

/// <summary>Speaks with one QEMU process over its machine protocol (QEMU, "QEMU Machine Protocol Specification"): a line of JSON a message. Safe for several threads.</summary>
internal sealed class QmpClient : IAsyncDisposable
{
    private const int LongestLine = 1 << 20;

    private readonly Stream _stream;
    private readonly Action<string, JsonObject> _event;
    private readonly SemaphoreSlim _writing = new(1);
    private readonly ConcurrentDictionary<string, TaskCompletionSource<JsonNode?>> _waiting = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _greeted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _reading;
    private long _lastId;
    private volatile bool _isEnded;

    private QmpClient(Stream stream, Action<string, JsonObject> @event)
    {
        _stream = stream;
        _event = @event;
        _reading = Task.Run(ReadAsync);
    }

    /// <summary>Begins to speak: waits for the greeting, and leaves the negotiation.</summary>
    /// <param name="stream">The connection, which the client owns from now on.</param>
    /// <param name="event">Told each event's name and data; returns at once.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="IOException">The other side ended the connection.</exception>
    /// <exception cref="QmpException">It refused.</exception>
    public static async Task<QmpClient> OpenAsync(Stream stream, Action<string, JsonObject> @event, CancellationToken cancellationToken)
    {
        var client = new QmpClient(stream, @event);
        try
        {
            await client._greeted.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            await client.RunAsync("qmp_capabilities", null, cancellationToken).ConfigureAwait(false);
            return client;
        }
        catch
        {
            await client.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Ends when everything was heard that QEMU had to say.</summary>
    public Task Ended => _reading;

    /// <summary>Runs a command.</summary>
    /// <returns>What it returned.</returns>
    /// <exception cref="QmpException">QEMU refused it.</exception>
    /// <exception cref="IOException">QEMU is gone.</exception>
    public async Task<JsonNode?> RunAsync(string command, JsonObject? arguments, CancellationToken cancellationToken)
    {
        string id = Interlocked.Increment(ref _lastId).ToString(CultureInfo.InvariantCulture);
        var message = new JsonObject { ["execute"] = command, ["id"] = id };
        if (arguments is not null)
        {
            message["arguments"] = arguments;
        }

        var answer = new TaskCompletionSource<JsonNode?>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting.TryAdd(id, answer);
        try
        {
            await WriteAsync(message, cancellationToken).ConfigureAwait(false);

            // Whoever ended in between has not seen this one.
            return _isEnded ? throw Gone() : await answer.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (QmpException exception)
        {
            throw new QmpException(command, exception.Message);
        }
        finally
        {
            _waiting.TryRemove(id, out _);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync().ConfigureAwait(false);
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static IOException Gone() => new("QEMU has ended its monitor's connection.");

    private async Task WriteAsync(JsonObject message, CancellationToken cancellationToken)
    {
        byte[] line = Encoding.UTF8.GetBytes(message.ToJsonString() + "\n");
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await _stream.WriteAsync(line, cancellationToken).ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            throw Gone();
        }
        finally
        {
            _writing.Release();
        }
    }

    private async Task ReadAsync()
    {
        try
        {
            using var reader = new StreamReader(_stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, bufferSize: LongestLine, leaveOpen: true);
            while (await reader.ReadLineAsync().ConfigureAwait(false) is { } line)
            {
                Take(line);
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or JsonException)
        {
            // The end, told below.
        }
        finally
        {
            _isEnded = true;
            _greeted.TrySetException(Gone());
            foreach (TaskCompletionSource<JsonNode?> waiting in _waiting.Values)
            {
                waiting.TrySetException(Gone());
            }
        }
    }

    private void Take(string line)
    {
        if (JsonNode.Parse(line) is not JsonObject message)
        {
            return;
        }

        if (message.ContainsKey("QMP"))
        {
            _greeted.TrySetResult();
        }
        else if (message["event"]?.GetValue<string>() is { } name)
        {
            _event(name, message["data"] as JsonObject ?? []);
        }
        else if (message["id"]?.GetValue<string>() is { } id && _waiting.TryGetValue(id, out TaskCompletionSource<JsonNode?>? waiting))
        {
            if (message["error"] is JsonObject error)
            {
                waiting.TrySetException(new QmpException("", error["desc"]?.ToString() ?? "no reason given"));
            }
            else
            {
                waiting.TrySetResult(message["return"]);
            }
        }
    }
}
