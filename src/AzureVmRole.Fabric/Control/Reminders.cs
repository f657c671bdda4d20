using AzureVmRole.Fabric.Resources;

namespace AzureVmRole.Fabric.Control;

/// <summary>Puts resources back into the queue after some time. A resource has one reminder at most.</summary>
internal sealed class Reminders(WorkQueue queue, TimeProvider clock) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ITimer> _timers = new(StringComparer.Ordinal);
    private bool _isClosed;

    /// <summary>Whether a resource has a reminder.</summary>
    public bool Has(ResourceId id)
    {
        lock (_lock)
        {
            return _timers.ContainsKey(id.Key);
        }
    }

    /// <summary>Sets a resource's reminder, in place of an earlier one.</summary>
    public void Set(ResourceId id, TimeSpan delay)
    {
        lock (_lock)
        {
            if (_isClosed)
            {
                return;
            }

            Remove(id);
            // Made without a due time: it cannot go off before it is in the table.
            ITimer timer = clock.CreateTimer(_ => GoOff(id), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _timers.Add(id.Key, timer);
            timer.Change(delay < TimeSpan.Zero ? TimeSpan.Zero : delay, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Takes a resource's reminder away.</summary>
    public void Clear(ResourceId id)
    {
        lock (_lock)
        {
            Remove(id);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _isClosed = true;
            foreach (ITimer timer in _timers.Values)
            {
                timer.Dispose();
            }

            _timers.Clear();
        }
    }

    private void GoOff(ResourceId id)
    {
        lock (_lock)
        {
            if (_isClosed || !_timers.ContainsKey(id.Key))
            {
                return;
            }

            Remove(id);
            queue.Add(id);
        }
    }

    private void Remove(ResourceId id)
    {
        if (_timers.Remove(id.Key, out ITimer? timer))
        {
            timer.Dispose();
        }
    }
}
