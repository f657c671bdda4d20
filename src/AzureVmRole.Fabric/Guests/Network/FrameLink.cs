using System.Buffers.Binary;

namespace AzureVmRole.Fabric.Guests.Network;

/// <summary>
/// Ethernet frames over a stream, as QEMU's <c>-netdev stream</c> and <c>-netdev socket</c> send them: four bytes of length, most significant
/// first, then the frame without its check sequence.
/// </summary>
internal sealed class FrameLink(Stream stream) : IAsyncDisposable
{
    /// <summary>The longest frame: 1500 bytes of payload, the header, and a VLAN's tag.</summary>
    public const int LongestFrame = 1518;

    private const int PrefixLength = 4;

    private readonly byte[] _incoming = new byte[LongestFrame];
    private readonly byte[] _outgoing = new byte[PrefixLength + LongestFrame];

    /// <summary>Reads the next frame; the memory is the link's own and good until the next call. Empty at the end.</summary>
    /// <exception cref="InvalidDataException">The other side sends what is no frame.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken)
    {
        int read = await stream.ReadAtLeastAsync(_incoming.AsMemory(0, PrefixLength), PrefixLength, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        if (read < PrefixLength)
        {
            return default;
        }

        uint length = BinaryPrimitives.ReadUInt32BigEndian(_incoming);
        if (length is 0 or > LongestFrame)
        {
            throw new InvalidDataException($"A frame of {length} bytes was announced on the network link; 1 to {LongestFrame} are possible.");
        }

        Memory<byte> frame = _incoming.AsMemory(0, (int)length);
        return await stream.ReadAtLeastAsync(frame, frame.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false) < frame.Length ? default : frame;
    }

    /// <summary>Writes a frame. One caller at a time.</summary>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_outgoing, (uint)frame.Length);
        frame.CopyTo(_outgoing.AsMemory(PrefixLength));
        return stream.WriteAsync(_outgoing.AsMemory(0, PrefixLength + frame.Length), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => stream.DisposeAsync();
}
