using System.Net;
using System.Text.Json.Nodes;

namespace AzureVmRole.Daemon.Tests;

/// <summary>What a daemon in a process of its own answered.</summary>
/// <param name="Status">The status.</param>
/// <param name="Body">The body; an empty object for none.</param>
/// <param name="OperationPath">Where the operation's status is; null when nothing goes on.</param>
internal sealed record DaemonAnswer(HttpStatusCode Status, JsonNode Body, string? OperationPath)
{
    /// <summary>Azure's error code; null for none.</summary>
    public string? Code => Body is JsonObject body && body["error"] is JsonObject error ? error["code"]?.ToString() : null;

    /// <summary>The error's text; empty for none.</summary>
    public string Message => Body is JsonObject body && body["error"] is JsonObject error ? error["message"]?.ToString() ?? "" : "";

    public bool IsSuccess => (int)Status is >= 200 and < 300;
}
