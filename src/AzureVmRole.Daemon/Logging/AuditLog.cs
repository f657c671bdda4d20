using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace AzureVmRole.Daemon.Logging;

/// <summary>One line of JSON a request: when, what, how it ended, how long it took, whose. No body, no query, no header but the client's request id.</summary>
internal sealed class AuditLog(string path, long longestInBytes, TimeProvider clock) : IDisposable
{
    private readonly RolledFile _file = new(path, longestInBytes);

    /// <summary>Notes a request that was answered.</summary>
    /// <param name="context">The request.</param>
    /// <param name="requestId">The id that the answer carries.</param>
    /// <param name="clientRequestId">The id that the client gave; null for none.</param>
    /// <param name="started">When it came (a time stamp of the clock).</param>
    public void Note(HttpContext context, string requestId, string? clientRequestId, long started)
    {
        string target = context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        int query = target.IndexOfAny(['?', '#']);
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("time", clock.GetUtcNow().ToString("O", CultureInfo.InvariantCulture));
            writer.WriteString("method", context.Request.Method);
            writer.WriteString("path", query < 0 ? target : target[..query]);
            writer.WriteNumber("status", context.Response.StatusCode);
            writer.WriteNumber("milliseconds", Math.Round(clock.GetElapsedTime(started).TotalMilliseconds, 2));
            writer.WriteString("requestId", requestId);
            writer.WriteString("clientRequestId", clientRequestId);
            writer.WriteEndObject();
        }

        _file.Write(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
