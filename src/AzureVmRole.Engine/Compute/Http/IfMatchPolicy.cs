using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace AzureVmRole.Engine.Compute.Http;

/// <summary>Makes a PUT conditional, which the typed SDK has no parameter for: the service refuses it when somebody else has changed the resource meanwhile.</summary>
internal sealed class IfMatchPolicy : HttpPipelineSynchronousPolicy
{
    private const string Key = "AzureVmRole.IfMatch";
    private const string AbsentKey = "AzureVmRole.IfNoneMatch";

    /// <summary>Makes PUT requests of the current flow carry a condition, until disposed. Without an ETag there is none.</summary>
    public static IDisposable? Add(ETag? etag) => etag is { } value
        ? HttpPipeline.CreateHttpMessagePropertiesScope(new Dictionary<string, object?>(StringComparer.Ordinal) { [Key] = value.ToString("H") })
        : null;

    /// <summary>Until it is disposed of, PUT requests of this flow are for what does not exist yet.</summary>
    public static IDisposable AddAbsent() => HttpPipeline.CreateHttpMessagePropertiesScope(new Dictionary<string, object?>(StringComparer.Ordinal) { [AbsentKey] = true });

    public override void OnSendingRequest(HttpMessage message)
    {
        if (message.Request.Method == RequestMethod.Put && message.TryGetProperty(AbsentKey, out _))
        {
            message.Request.Headers.SetValue(HttpHeader.Names.IfNoneMatch, "*");
        }

        if (message.Request.Method == RequestMethod.Put && message.TryGetProperty(Key, out object? found) && found is string etag)
        {
            message.Request.Headers.SetValue(HttpHeader.Names.IfMatch, etag);
        }
    }
}
