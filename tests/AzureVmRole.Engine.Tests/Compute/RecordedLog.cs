using System.Collections.Concurrent;

namespace AzureVmRole.Engine.Tests.Compute;

/// <summary>Keeps what an operation said.</summary>
internal sealed class RecordedLog : IOperationLog
{
    public ConcurrentQueue<string> Decisions { get; } = [];

    public ConcurrentQueue<string> Warnings { get; } = [];

    public void WriteDecision(string text) => Decisions.Enqueue(text);

    public void WriteWarning(string text) => Warnings.Enqueue(text);
}
