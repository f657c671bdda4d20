using AzureVmRole.Fabric.Resources;

namespace AzureVmRole.Fabric;

/// <summary>Takes what the fabric has to say while it runs: the daemon writes it to its own log. Called from any thread; texts hold no secrets.</summary>
public interface IFabricLog
{
    /// <summary>Something that happened as it should: what was found at the start, what was removed.</summary>
    void WriteInformation(string text);

    /// <summary>Something that whoever runs the fabric should know.</summary>
    /// <param name="text">What, where, what comes of it.</param>
    /// <param name="exception">The cause; null when there is none.</param>
    void WriteWarning(string text, Exception? exception);

    /// <summary>The controller of a resource threw. It is called again; after some failures in a row the resource's operations end as failed.</summary>
    /// <param name="id">The resource.</param>
    /// <param name="failures">How often in a row it has failed by now.</param>
    /// <param name="retryAfter">When it is called again.</param>
    /// <param name="exception">What it threw.</param>
    void WriteFailure(ResourceId id, int failures, TimeSpan retryAfter, Exception exception);
}
