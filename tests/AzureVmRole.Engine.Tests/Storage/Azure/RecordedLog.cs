using System.Collections.Concurrent;

namespace AzureVmRole.Engine.Tests.Storage.Azure;

/// <summary>Keeps what an operation says.</summary>
internal sealed class RecordedLog : IOperationLog
{
    public ConcurrentQueue<string> Decisions { get; } = new();

    public ConcurrentQueue<string> Warnings { get; } = new();

    public void WriteDecision(string text) => Decisions.Enqueue(text);

    public void WriteWarning(string text) => Warnings.Enqueue(text);
}
