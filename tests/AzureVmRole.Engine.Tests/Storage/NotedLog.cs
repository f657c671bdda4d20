using System.Collections.Concurrent;

namespace AzureVmRole.Engine.Tests.Storage;

/// <summary>Keeps what an operation has to say.</summary>
internal sealed class NotedLog : IOperationLog
{
    private readonly ConcurrentQueue<string> _texts = new();

    public string[] Texts => [.. _texts];

    public void WriteDecision(string text) => _texts.Enqueue(text);

    public void WriteWarning(string text) => _texts.Enqueue(text);
}
