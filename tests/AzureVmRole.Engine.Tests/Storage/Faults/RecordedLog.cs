using System.Collections.Concurrent;

namespace AzureVmRole.Engine.Tests.Storage.Faults;

/// <summary>Keeps everything that an operation says.</summary>
internal sealed class RecordedLog : IOperationLog
{
    private readonly ConcurrentQueue<string> _texts = new();

    public IReadOnlyCollection<string> Texts => _texts;

    public void WriteDecision(string text) => _texts.Enqueue(text);

    public void WriteWarning(string text) => _texts.Enqueue(text);
}
