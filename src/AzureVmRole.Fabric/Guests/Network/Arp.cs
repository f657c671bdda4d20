using System.Buffers.Binary;

namespace AzureVmRole.Fabric.Guests.Network;

/// <summary>Answers who has an address (RFC 826): the gateway has all of them, but for the guest's own.</summary>
internal static class Arp
{
    private const int Length = 28;
    private const ushort Request = 1;
    private const ushort Reply = 2;

    /// <summary>The answer to a message; null for none.</summary>
    /// <param name="message">The message.</param>
    /// <param name="guest">The guest's own address: whether somebody else has it is what it asks before it takes it (RFC 5227).</param>
    public static byte[]? Answer(ReadOnlySpan<byte> message, ReadOnlySpan<byte> guest)
    {
        // Ethernet, IPv4, and the lengths of their addresses.
        ReadOnlySpan<byte> kinds = [0, 1, 8, 0, 6, 4];
        if (message.Length < Length || !message.StartsWith(kinds) || BinaryPrimitives.ReadUInt16BigEndian(message[6..]) != Request)
        {
            return null;
        }

        ReadOnlySpan<byte> sender = message[14..18];
        ReadOnlySpan<byte> target = message[24..28];
        if (target.SequenceEqual(guest) || target.SequenceEqual(sender))
        {
            return null;
        }

        byte[] answer = new byte[Length];
        kinds.CopyTo(answer);
        BinaryPrimitives.WriteUInt16BigEndian(answer.AsSpan(6), Reply);
        FrameWriter.Gateway.CopyTo(answer.AsSpan(8));
        target.CopyTo(answer.AsSpan(14));
        message[8..18].CopyTo(answer.AsSpan(18));
        return answer;
    }
}
