using AzureVmRole.Fabric;
using AzureVmRole.Fabric.Resources;
using Microsoft.Extensions.Logging;

namespace AzureVmRole.Daemon.Hosting;

/// <summary>What the fabric has to say, in the daemon's log.</summary>
internal sealed partial class FabricLog(ILogger<FabricLog> log) : IFabricLog
{
    [LoggerMessage(EventId = 100, Level = LogLevel.Information, Message = "{Text}")]
    public partial void WriteInformation(string text);

    [LoggerMessage(EventId = 101, Level = LogLevel.Warning, Message = "{Text}")]
    public partial void WriteWarning(string text, Exception? exception);

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Version {Version} answers at port {Port}.")]
    public partial void LogStarted(int port, string version);

    [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "Stopped.")]
    public partial void LogStopped();

    /// <inheritdoc/>
    public void WriteFailure(ResourceId id, int failures, TimeSpan retryAfter, Exception exception) => LogFailure(id.Text, failures, retryAfter, exception);

    [LoggerMessage(EventId = 102, Level = LogLevel.Warning, Message = "The controller of {Resource} has failed {Failures} times; it is called again after {RetryAfter}.")]
    private partial void LogFailure(string resource, int failures, TimeSpan retryAfter, Exception exception);
}
