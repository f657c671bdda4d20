namespace AzureVmRole.Fabric.Guests.Network;

/// <summary>A bounded first-in first-out buffer of bytes. Not safe for several threads.</summary>
internal sealed class ByteRing(int capacity)
{
    private readonly byte[] _bytes = new byte[capacity];
    private int _start;

    /// <summary>How many bytes it holds.</summary>
    public int Count { get; private set; }

    /// <summary>How many more it takes.</summary>
    public int Free => _bytes.Length - Count;

    /// <summary>Adds what there is room for.</summary>
    /// <returns>How many bytes were taken.</returns>
    public int Write(ReadOnlySpan<byte> data)
    {
        int taken = Math.Min(data.Length, Free);
        int end = (_start + Count) % _bytes.Length;
        int first = Math.Min(taken, _bytes.Length - end);
        data[..first].CopyTo(_bytes.AsSpan(end));
        data[first..taken].CopyTo(_bytes);
        Count += taken;
        return taken;
    }

    /// <summary>Copies bytes without removing them; there have to be that many.</summary>
    public void Peek(int offset, Span<byte> target)
    {
        int from = (_start + offset) % _bytes.Length;
        int first = Math.Min(target.Length, _bytes.Length - from);
        _bytes.AsSpan(from, first).CopyTo(target);
        _bytes.AsSpan(0, target.Length - first).CopyTo(target[first..]);
    }

    /// <summary>Removes the first bytes; there have to be that many.</summary>
    public void Skip(int count)
    {
        _start = (_start + count) % _bytes.Length;
        Count -= count;
    }
}
