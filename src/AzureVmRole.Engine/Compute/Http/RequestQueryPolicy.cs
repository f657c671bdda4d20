using Azure.Core;
using Azure.Core.Pipeline;

namespace AzureVmRole.Engine.Compute.Http;

/// <summary>Adds to a request what the typed SDK has no parameter for: the local fabric's own queries.</summary>
internal sealed class RequestQueryPolicy : HttpPipelineSynchronousPolicy
{
    private const string Key = "AzureVmRole.Query";

    /// <summary>Makes DELETE requests of the current flow carry a query, until disposed.</summary>
    public static IDisposable Add(string name, string value) =>
        HttpPipeline.CreateHttpMessagePropertiesScope(new Dictionary<string, object?>(StringComparer.Ordinal) { [Key] = new KeyValuePair<string, string>(name, value) });

    public override void OnSendingRequest(HttpMessage message)
    {
        if (message.Request.Method == RequestMethod.Delete && message.TryGetProperty(Key, out object? found) && found is KeyValuePair<string, string> query)
        {
            message.Request.Uri.AppendQuery(query.Key, query.Value);
        }
    }
}
