namespace AzureVmRole.Engine.Storage.Publishing;

/// <summary>Tells how far one activity has come. Pieces end out of order; what is told only grows.</summary>
internal sealed class TransferMeter(IProgress<TransferProgress>? progress, string activity, long total)
{
    private readonly Lock _lock = new();
    private long _reached = -1;

    /// <summary>The disk is dealt with up to here.</summary>
    public void Reach(long offset)
    {
        if (progress is null)
        {
            return;
        }

        lock (_lock)
        {
            if (offset > _reached)
            {
                _reached = offset;
                progress.Report(new TransferProgress(activity, Math.Min(offset, total), total));
            }
        }
    }
}
