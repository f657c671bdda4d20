namespace AzureVmRole.PowerShell.Runtime;

/// <summary>
/// Keeps the latest progress that the work reported and turns it into what a bar shows: at most ten times a second, with the
/// rate of the last seconds and the time left at that rate.
/// </summary>
internal sealed class ProgressMeter(TimeProvider timeProvider) : IProgress<TransferProgress>
{
    /// <summary>The shortest time between two samples, and before the first one.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan RateMemory = TimeSpan.FromSeconds(3);

    private readonly Lock _lock = new();
    private TransferProgress _latest;
    private bool _isNew;
    private long _sampledAt = timeProvider.GetTimestamp();
    private long _sampledBytes;
    private double _bytesPerSecond = double.NaN;

    /// <summary>Whether any sample was taken.</summary>
    public bool HasSampled { get; private set; }

    /// <summary>The last sample taken.</summary>
    public ProgressSample Last { get; private set; }

    /// <summary>Keeps the value until the next sample. Called by the work, on any thread.</summary>
    public void Report(TransferProgress value)
    {
        lock (_lock)
        {
            _latest = value;
            _isNew = true;
        }
    }

    /// <summary>Takes a sample when one is due and something was reported since the last one.</summary>
    public bool TrySample(out ProgressSample sample)
    {
        sample = default;
        long now = timeProvider.GetTimestamp();
        TimeSpan elapsed = timeProvider.GetElapsedTime(_sampledAt, now);
        if (elapsed < Interval)
        {
            return false;
        }

        TransferProgress progress;
        lock (_lock)
        {
            if (!_isNew)
            {
                return false;
            }

            progress = _latest;
            _isNew = false;
        }

        UpdateRate(progress.BytesDone - _sampledBytes, elapsed);
        _sampledAt = now;
        _sampledBytes = progress.BytesDone;
        HasSampled = true;
        Last = sample = Describe(progress);
        return true;
    }

    private void UpdateRate(long byteCount, TimeSpan elapsed)
    {
        double rate = Math.Max(0, byteCount) / elapsed.TotalSeconds;
        double weight = 1 - Math.Exp(-elapsed / RateMemory);
        _bytesPerSecond = double.IsNaN(_bytesPerSecond) ? rate : _bytesPerSecond + (weight * (rate - _bytesPerSecond));
    }

    private ProgressSample Describe(TransferProgress progress)
    {
        long left = Math.Max(0, progress.BytesTotal - progress.BytesDone);
        int percent = progress.BytesTotal > 0 ? (int)Math.Clamp(100.0 * progress.BytesDone / progress.BytesTotal, 0, 100) : 0;
        int seconds = _bytesPerSecond > 0 ? (int)Math.Min(int.MaxValue, Math.Ceiling(left / _bytesPerSecond)) : -1;
        if (progress.Status is { } text)
        {
            return new ProgressSample(progress.Activity, text, progress.BytesTotal > 0 ? percent : -1, -1);
        }

        string status = $"{ByteSize.Format(progress.BytesDone)} of {ByteSize.Format(progress.BytesTotal)}, "
            + $"{ByteSize.Format((long)_bytesPerSecond)}/s";
        return new ProgressSample(progress.Activity, status, percent, seconds);
    }
}
