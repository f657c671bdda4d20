using System.Collections.Concurrent;

namespace AzureVmRole.Engine.Tests.Storage.Publishing;

/// <summary>Keeps every report of progress.</summary>
internal sealed class RecordedProgress : IProgress<TransferProgress>
{
    public ConcurrentQueue<TransferProgress> Reports { get; } = new();

    public void Report(TransferProgress value) => Reports.Enqueue(value);
}
