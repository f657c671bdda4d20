using System.Buffers.Binary;

namespace AzureVmRole.Fabric.Guests.Network;

/// <summary>Control messages (RFC 792): answers to echoes, and that a port is unreachable, so that a guest does not wait for what is not there.</summary>
internal static class Icmp
{
    private const int HeaderLength = 8;
    private const byte EchoRequest = 8;
    private const byte Unreachable = 3;
    private const byte Port = 3;

    /// <summary>The answer to a message; null for none.</summary>
    public static byte[]? Answer(ReadOnlySpan<byte> message)
    {
        if (message.Length < HeaderLength || message[0] != EchoRequest || message[1] != 0 || InternetChecksum.Of(message) != 0)
        {
            return null;
        }

        byte[] answer = message.ToArray();
        answer[0] = 0;
        Seal(answer);
        return answer;
    }

    /// <summary>Says that nobody listens, with the header and the first eight bytes of the packet that it is about.</summary>
    public static byte[] PortUnreachable(ReadOnlySpan<byte> packet)
    {
        ReadOnlySpan<byte> quoted = packet[..Math.Min(packet.Length, FrameWriter.IPv4Length + 8)];
        byte[] message = new byte[HeaderLength + quoted.Length];
        message[0] = Unreachable;
        message[1] = Port;
        quoted.CopyTo(message.AsSpan(HeaderLength));
        Seal(message);
        return message;
    }

    private static void Seal(Span<byte> message)
    {
        message[2..4].Clear();
        BinaryPrimitives.WriteUInt16BigEndian(message[2..], InternetChecksum.Of(message));
    }
}
