using System.Buffers.Binary;
using System.Net;

namespace AzureVmRole.Fabric.Guests.Network;

/// <summary>A TCP segment (RFC 9293 section 3.1).</summary>
/// <param name="source">The sender's port.</param>
/// <param name="target">The receiver's port.</param>
/// <param name="sequence">The number of the first byte.</param>
/// <param name="acknowledged">The number of the next byte that the sender awaits.</param>
/// <param name="flags">The control bits.</param>
/// <param name="window">How many more bytes the sender takes.</param>
/// <param name="payload">The content.</param>
internal readonly ref struct TcpSegment(int source, int target, uint sequence, uint acknowledged, TcpFlags flags, ushort window, ReadOnlySpan<byte> payload)
{
    private const int HeaderLength = 20;
    private const byte MaximumSegmentSizeOption = 2;

    public int Source { get; } = source;

    public int Target { get; } = target;

    public uint Sequence { get; } = sequence;

    public uint Acknowledged { get; } = acknowledged;

    public TcpFlags Flags { get; } = flags;

    public ushort Window { get; } = window;

    public ReadOnlySpan<byte> Payload { get; } = payload;

    /// <summary>How far it advances the sequence: beginning and end count as a byte each.</summary>
    public uint Length => (uint)Payload.Length + (Has(TcpFlags.Synchronize) ? 1u : 0) + (Has(TcpFlags.Finish) ? 1u : 0);

    public bool Has(TcpFlags flag) => Flags.HasFlag(flag);

    /// <summary>Reads a segment whose checksum is right.</summary>
    public static bool TryParse(IPAddress source, IPAddress target, ReadOnlySpan<byte> data, out TcpSegment segment)
    {
        segment = default;
        if (data.Length < HeaderLength || InternetChecksum.Of(source, target, FrameWriter.Tcp, data) != 0)
        {
            return false;
        }

        int header = (data[12] >> 4) * 4;
        if (header < HeaderLength || header > data.Length)
        {
            return false;
        }

        segment = new TcpSegment(
            BinaryPrimitives.ReadUInt16BigEndian(data), BinaryPrimitives.ReadUInt16BigEndian(data[2..]), BinaryPrimitives.ReadUInt32BigEndian(data[4..]),
            BinaryPrimitives.ReadUInt32BigEndian(data[8..]), (TcpFlags)(data[13] & 0x1f), BinaryPrimitives.ReadUInt16BigEndian(data[14..]), data[header..]);
        return true;
    }

    /// <summary>Writes a segment. One that begins a connection tells the largest one that is taken.</summary>
    public byte[] Write(IPAddress source, IPAddress target, ushort largest)
    {
        int header = Has(TcpFlags.Synchronize) ? HeaderLength + 4 : HeaderLength;
        byte[] data = new byte[header + Payload.Length];
        BinaryPrimitives.WriteUInt16BigEndian(data, (ushort)Source);
        BinaryPrimitives.WriteUInt16BigEndian(data.AsSpan(2), (ushort)Target);
        BinaryPrimitives.WriteUInt32BigEndian(data.AsSpan(4), Sequence);
        BinaryPrimitives.WriteUInt32BigEndian(data.AsSpan(8), Acknowledged);
        data[12] = (byte)(header / 4 << 4);
        data[13] = (byte)Flags;
        BinaryPrimitives.WriteUInt16BigEndian(data.AsSpan(14), Window);
        if (header > HeaderLength)
        {
            data[20] = MaximumSegmentSizeOption;
            data[21] = 4;
            BinaryPrimitives.WriteUInt16BigEndian(data.AsSpan(22), largest);
        }

        Payload.CopyTo(data.AsSpan(header));
        BinaryPrimitives.WriteUInt16BigEndian(data.AsSpan(16), InternetChecksum.Of(source, target, FrameWriter.Tcp, data));
        return data;
    }
}
