namespace AzureVmRole.Disks.Tests.Merging;

/// <summary>Lets an operation come so many steps far and then stops it, as a kill would: from inside, without a clean-up.</summary>
internal sealed class StoppingProgress(int steps) : IProgress<TransferProgress>
{
    private int _left = steps;

    public void Report(TransferProgress value)
    {
        if (Interlocked.Decrement(ref _left) < 0)
        {
            throw new StoppedException();
        }
    }
}
