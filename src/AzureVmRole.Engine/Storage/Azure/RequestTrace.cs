using Azure.Core.Pipeline;

namespace AzureVmRole.Engine.Storage.Azure;

/// <summary>What became of the tries of one call, seen from beneath the SDK's retries.</summary>
internal sealed class RequestTrace
{
    /// <summary>The key of the trace among a message's properties.</summary>
    public const string Key = "AzureVmRole.RequestTrace";

    /// <summary>Whether a try ended without an answer that says what it did: the service may have done it.</summary>
    public bool HasLostAnswer { get; set; }

    /// <summary>Whether an answer's body is being read: another request then means that it broke off.</summary>
    public bool IsReadingBody { get; set; }

    /// <summary>Makes the requests of the current flow carry the trace, until disposed.</summary>
    public IDisposable Follow() =>
        HttpPipeline.CreateHttpMessagePropertiesScope(new Dictionary<string, object?>(StringComparer.Ordinal) { [Key] = this });
}
