namespace AzureVmRole.Daemon.Security;

/// <summary>Bounds a rate: a bucket that fills steadily and is emptied by what it counts.</summary>
/// <param name="perSecond">How many it takes a second in the long run.</param>
/// <param name="burst">How many it takes at once.</param>
/// <param name="clock">The time.</param>
internal sealed class TokenBucket(int perSecond, int burst, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private double _available = burst;
    private long _filled = clock.GetTimestamp();

    /// <summary>Takes one; false when there is none.</summary>
    public bool TryTake()
    {
        lock (_lock)
        {
            long now = clock.GetTimestamp();
            _available = Math.Min(burst, _available + (clock.GetElapsedTime(_filled, now).TotalSeconds * perSecond));
            _filled = now;
            if (_available < 1)
            {
                return false;
            }

            _available--;
            return true;
        }
    }
}
