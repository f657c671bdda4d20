using System.Buffers.Binary;
using System.Net;

namespace AzureVmRole.Fabric.Guests.Network;

/// <summary>The checksum of IPv4, ICMP, UDP and TCP (RFC 1071).</summary>
internal static class InternetChecksum
{
    /// <summary>Of one piece of data. Zero when it is taken over data that contains a right checksum.</summary>
    public static ushort Of(ReadOnlySpan<byte> data) => Fold(Sum(data));

    /// <summary>Of a UDP datagram or a TCP segment with its pseudo header (RFC 768, RFC 9293 section 3.1).</summary>
    public static ushort Of(IPAddress source, IPAddress target, byte protocol, ReadOnlySpan<byte> data)
    {
        Span<byte> pseudo = stackalloc byte[12];
        source.TryWriteBytes(pseudo, out _);
        target.TryWriteBytes(pseudo[4..], out _);
        pseudo[8] = 0;
        pseudo[9] = protocol;
        BinaryPrimitives.WriteUInt16BigEndian(pseudo[10..], (ushort)data.Length);
        return Fold(Sum(pseudo) + Sum(data));
    }

    private static ulong Sum(ReadOnlySpan<byte> data)
    {
        ulong sum = 0;
        for (; data.Length > 1; data = data[2..])
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(data);
        }

        return data.Length == 1 ? sum + ((uint)data[0] << 8) : sum;
    }

    private static ushort Fold(ulong sum)
    {
        while (sum >> 16 != 0)
        {
            sum = (sum & 0xffff) + (sum >> 16);
        }

        return (ushort)(~sum & 0xffff);
    }
}
