using System.Collections.Concurrent;
using System.Threading.Channels;
using AzureVmRole.Fabric.Resources;
using Xunit;

namespace AzureVmRole.Fabric.Tests;

/// <summary>Keeps what a fabric says.</summary>
internal sealed class RecordedLog : IFabricLog
{
    private readonly Channel<(ResourceId Id, int Failures, TimeSpan RetryAfter, Exception Exception)> _failures =
        Channel.CreateUnbounded<(ResourceId, int, TimeSpan, Exception)>();

    public ConcurrentQueue<string> Warnings { get; } = [];

    /// <summary>The next failure of a controller.</summary>
    public async Task<(ResourceId Id, int Failures, TimeSpan RetryAfter, Exception Exception)> NextFailureAsync() =>
        await _failures.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public void WriteInformation(string text)
    {
    }

    public void WriteWarning(string text, Exception? exception) => Warnings.Enqueue(text);

    public void WriteFailure(ResourceId id, int failures, TimeSpan retryAfter, Exception exception) => _failures.Writer.TryWrite((id, failures, retryAfter, exception));
}
