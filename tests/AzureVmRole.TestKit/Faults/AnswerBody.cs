namespace AzureVmRole.TestKit.Faults;

/// <summary>The bytes behind an answer's head, up to the end of the connection, piece by piece.</summary>
internal sealed class AnswerBody(BufferedConnection upstream, byte[]? whole)
{
    private long _position;
    private bool _isEnded;

    /// <summary>Where the body is cut; null for nowhere.</summary>
    public long? End { get; init; }

    /// <summary>The byte that is inverted; null for none.</summary>
    public long? CorruptsAt { get; init; }

    /// <summary>The next piece; empty at the end.</summary>
    public async Task<ReadOnlyMemory<byte>> NextAsync(CancellationToken cancellationToken)
    {
        if (_isEnded)
        {
            return ReadOnlyMemory<byte>.Empty;
        }

        byte[] piece = await ReadAsync(cancellationToken);
        if (CorruptsAt is { } offset && offset >= _position && offset < _position + piece.Length)
        {
            piece[offset - _position] ^= 0xFF;
        }

        int length = (int)Math.Min(piece.Length, (End ?? long.MaxValue) - _position);
        _position += length;
        _isEnded |= length < piece.Length || piece.Length == 0;
        return piece.AsMemory(0, length);
    }

    private async Task<byte[]> ReadAsync(CancellationToken cancellationToken)
    {
        if (whole is not null)
        {
            _isEnded = true;
            return whole;
        }

        if (upstream.Buffered.IsEmpty)
        {
            await upstream.FillAsync(cancellationToken);
        }

        byte[] piece = upstream.Buffered.ToArray();
        upstream.Consume(piece.Length);
        return piece;
    }
}
