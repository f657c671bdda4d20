namespace AzureVmRole.Engine.Tests.Storage.Saving;

/// <summary>Stops an operation at a numbered report of its progress, until the test lets it go on.</summary>
internal sealed class GateProgress(int number) : IProgress<TransferProgress>, IDisposable
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim _gate = new();
    private int _count;

    /// <summary>Ends when the operation has come to the report.</summary>
    public Task Reached => _reached.Task;

    public void Open() => _gate.Set();

    public void Report(TransferProgress value)
    {
        if (Interlocked.Increment(ref _count) == number)
        {
            _reached.SetResult();
            _gate.Wait(TimeSpan.FromMinutes(1));
        }
    }

    public void Dispose()
    {
        _gate.Set();
        _gate.Dispose();
    }
}
