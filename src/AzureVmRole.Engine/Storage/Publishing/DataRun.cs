namespace AzureVmRole.Engine.Storage.Publishing;

/// <summary>A run of a disk that starts and ends with data, in a buffer of a pool.</summary>
internal sealed class DataRun(BufferPool pool, byte[] buffer, long offset, int length) : IDisposable
{
    /// <summary>Where it starts on the disk.</summary>
    public long Offset { get; } = offset;

    /// <summary>The first byte of the disk behind it.</summary>
    public long End => Offset + Length;

    /// <summary>Its length in bytes.</summary>
    public int Length { get; } = length;

    /// <summary>The bytes.</summary>
    public ReadOnlyMemory<byte> Data => Buffer;

    /// <summary>Where the bytes are put.</summary>
    public Memory<byte> Buffer => buffer.AsMemory(0, Length);

    /// <summary>Gives the buffer back.</summary>
    public void Dispose() => pool.Return(buffer);
}
