using System.Text.Json;
using System.Text.Json.Nodes;
using Azure.Core;
using Azure.Core.Pipeline;

namespace AzureVmRole.Engine.Compute.Http;

/// <summary>
/// Adds the member <c>id</c> where Azure's answer lacks it and the SDK throws without it: <c>rollingUpgrades/latest</c>
/// (https://github.com/Azure/azure-sdk-for-net/issues/45613).
/// </summary>
internal sealed class MissingIdPolicy : HttpPipelinePolicy
{
    private const string Path = "/rollingUpgrades/latest";

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        ProcessNext(message, pipeline);
        Complete(message);
    }

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        await ProcessNextAsync(message, pipeline).ConfigureAwait(false);
        Complete(message);
    }

    private static void Complete(HttpMessage message)
    {
        string path = message.Request.Uri.Path;
        if (!message.HasResponse || message.Response.Status != 200 || message.Response.ContentStream is not { } stream
            || !path.EndsWith(Path, StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        byte[] content = copy.ToArray();
        if (TryParse(content) is { } body && !body.ContainsKey("id"))
        {
            body["id"] = "/" + path.TrimStart('/');
            content = JsonSerializer.SerializeToUtf8Bytes(body);
        }

        message.Response.ContentStream = new MemoryStream(content);
    }

    private static JsonObject? TryParse(byte[] content)
    {
        try
        {
            return JsonNode.Parse(content) as JsonObject;
        }
        catch (JsonException)
        {
            // What is no JSON is for the SDK to refuse.
            return null;
        }
    }
}
