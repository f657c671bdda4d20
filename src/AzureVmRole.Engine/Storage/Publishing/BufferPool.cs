using System.Collections.Concurrent;

namespace AzureVmRole.Engine.Storage.Publishing;

/// <summary>A number of equal buffers, made when they are first needed; whoever wants one too many waits.</summary>
/// <param name="count">How many.</param>
/// <param name="sizeInBytes">How large each is.</param>
internal sealed class BufferPool(int count, int sizeInBytes) : IDisposable
{
    private readonly ConcurrentBag<byte[]> _free = [];
    private readonly SemaphoreSlim _places = new(count);

    /// <summary>Takes a buffer; what it holds is left over from its last use.</summary>
    public async ValueTask<byte[]> RentAsync(CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken).ConfigureAwait(false);
        return _free.TryTake(out byte[]? buffer) ? buffer : GC.AllocateUninitializedArray<byte>(sizeInBytes);
    }

    /// <summary>Gives a buffer back.</summary>
    public void Return(byte[] buffer)
    {
        _free.Add(buffer);
        _places.Release();
    }

    /// <inheritdoc/>
    public void Dispose() => _places.Dispose();
}
