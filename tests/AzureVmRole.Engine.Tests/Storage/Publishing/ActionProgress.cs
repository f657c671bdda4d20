namespace AzureVmRole.Engine.Tests.Storage.Publishing;

/// <summary>Does something at every report of progress, on the thread that reports.</summary>
internal sealed class ActionProgress(Action<TransferProgress> action) : IProgress<TransferProgress>
{
    public void Report(TransferProgress value) => action(value);
}
