namespace AzureVmRole.Engine.Storage.Publishing;

/// <summary>A run of a disk that starts and ends with data, in a buffer of a pool.</summary>
/// <param name="pool">Where the buffer belongs.</param>
/// <param name="buffer">The buffer; the run starts where it starts.</param>
/// <param name="offset">Where the run starts on the disk.</param>
/// <param name="length">Its length in bytes.</param>
/// <param name="leaves">The hashes of its leaves.</param>
internal sealed class DataRun(BufferPool pool, byte[] buffer, long offset, int length, byte[][] leaves) : IDisposable
{
    /// <summary>Where it starts on the disk.</summary>
    public long Offset { get; } = offset;

    /// <summary>The first byte of the disk behind it.</summary>
    public long End => Offset + Length;

    /// <summary>Its length in bytes.</summary>
    public int Length { get; } = length;

    /// <summary>The bytes.</summary>
    public ReadOnlyMemory<byte> Data => buffer.AsMemory(0, Length);

    /// <summary>The hashes of its leaves (<see cref="Content.ContentHasher"/>).</summary>
    public byte[][] Leaves { get; } = leaves;

    /// <summary>Gives the buffer back.</summary>
    public void Dispose() => pool.Return(buffer);
}
