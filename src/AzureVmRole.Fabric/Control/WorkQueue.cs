using AzureVmRole.Fabric.Resources;

namespace AzureVmRole.Fabric.Control;

/// <summary>
/// The resources that somebody has to look at. A resource that is added while it is worked on is worked on once more afterwards: it is never worked on
/// twice at once, and never forgotten.
/// </summary>
internal sealed class WorkQueue : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Queue<ResourceId> _ready = new();
    private readonly HashSet<string> _dirty = new(StringComparer.Ordinal);
    private readonly HashSet<string> _processing = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _count = new(0);

    /// <summary>Asks for a look at a resource.</summary>
    public void Add(ResourceId id)
    {
        lock (_lock)
        {
            if (!_dirty.Add(id.Key) || _processing.Contains(id.Key))
            {
                return;
            }

            _ready.Enqueue(id);
        }

        _count.Release();
    }

    /// <summary>Takes the next resource; give it back with <see cref="Done"/>.</summary>
    public async Task<ResourceId> TakeAsync(CancellationToken cancellationToken)
    {
        await _count.WaitAsync(cancellationToken).ConfigureAwait(false);
        lock (_lock)
        {
            ResourceId id = _ready.Dequeue();
            _dirty.Remove(id.Key);
            _processing.Add(id.Key);
            return id;
        }
    }

    /// <summary>Says that the work on a resource has ended.</summary>
    public void Done(ResourceId id)
    {
        lock (_lock)
        {
            _processing.Remove(id.Key);
            if (!_dirty.Contains(id.Key))
            {
                return;
            }

            _ready.Enqueue(id);
        }

        _count.Release();
    }

    /// <inheritdoc/>
    public void Dispose() => _count.Dispose();
}
