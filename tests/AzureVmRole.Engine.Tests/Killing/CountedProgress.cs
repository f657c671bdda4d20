namespace AzureVmRole.Engine.Tests.Killing;

/// <summary>Does something at a numbered report of an operation's progress.</summary>
internal sealed class CountedProgress(int number, Action action) : IProgress<TransferProgress>
{
    private int _count;

    /// <summary>How many reports came.</summary>
    public int Count => Volatile.Read(ref _count);

    public void Report(TransferProgress value)
    {
        if (Interlocked.Increment(ref _count) == number)
        {
            action();
        }
    }
}
