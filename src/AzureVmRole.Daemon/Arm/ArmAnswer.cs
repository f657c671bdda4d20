using System.Buffers;
using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace AzureVmRole.Daemon.Arm;

/// <summary>What a request is answered.</summary>
/// <param name="Status">The status.</param>
/// <param name="Body">Writes the body; null for none.</param>
internal sealed record ArmAnswer(HttpStatusCode Status, Action<Utf8JsonWriter>? Body = null)
{
    // Answers are never read as HTML: their type says so, and that nobody may guess another.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Headers beside those of every answer.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>200 with a document.</summary>
    public static ArmAnswer Ok(JsonNode body) => Document(HttpStatusCode.OK, body);

    /// <summary>A status with a document, or without one; its <c>etag</c> goes into the header, too.</summary>
    public static ArmAnswer Document(HttpStatusCode status, JsonNode? body)
    {
        if (body is null)
        {
            return new ArmAnswer(status);
        }

        var answer = new ArmAnswer(status, writer => body.WriteTo(writer));
        return body is JsonObject found && found["etag"] is JsonValue value && value.TryGetValue(out string? etag)
            ? answer with { Headers = [("ETag", etag.StartsWith('"') || etag.StartsWith("W/", StringComparison.Ordinal) ? etag : $"\"{etag}\"")] }
            : answer;
    }

    /// <summary>200 with the values of a list and, when there is more, the address of the rest.</summary>
    public static ArmAnswer Page(IReadOnlyList<JsonNode> values, string? nextLink) => new(HttpStatusCode.OK, writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartArray("value");
        foreach (JsonNode value in values)
        {
            value.WriteTo(writer);
        }

        writer.WriteEndArray();
        if (nextLink is not null)
        {
            writer.WriteString("nextLink", nextLink);
        }

        writer.WriteEndObject();
    });

    /// <summary>An error in ARM's shape.</summary>
    public static ArmAnswer Error(FabricException exception, HttpStatusCode status)
    {
        var answer = new ArmAnswer(status, writer =>
        {
            writer.WriteStartObject();
            writer.WritePropertyName("error");
            Write(writer, exception);
            writer.WriteEndObject();
        });
        return status switch
        {
            HttpStatusCode.Unauthorized => answer with { Headers = [("WWW-Authenticate", "Bearer realm=\"AzureVmRole local fabric\", error=\"invalid_token\"")] },
            HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable => answer with { Headers = [("Retry-After", "1")] },
            _ => answer,
        };
    }

    /// <summary>Sends it.</summary>
    public async Task SendAsync(HttpResponse response, CancellationToken cancellationToken)
    {
        response.StatusCode = (int)Status;
        foreach ((string name, string value) in Headers)
        {
            response.Headers[name] = value;
        }

        if (Body is null)
        {
            return;
        }

        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer, Plain))
        {
            Body(writer);
        }

        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = buffer.WrittenCount;
        await response.Body.WriteAsync(buffer.WrittenMemory, cancellationToken).ConfigureAwait(false);
    }

    private static void Write(Utf8JsonWriter writer, FabricException exception)
    {
        writer.WriteStartObject();
        writer.WriteString("code", exception.AzureCode);
        writer.WriteString("message", exception.RecommendedAction is { } action ? $"{exception.Message} {action}" : exception.Message);
        writer.WriteString("target", exception.Target as string ?? exception.Target.ToString());
        writer.WriteStartArray("details");
        foreach (FabricException detail in exception.Details)
        {
            Write(writer, detail);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
