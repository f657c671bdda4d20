using System.Buffers.Binary;
using System.Net;
using System.Net.NetworkInformation;

namespace AzureVmRole.Fabric.Guests.Network;

/// <summary>Makes the frames that a segment sends to its guest, all from the gateway's adapter.</summary>
internal sealed class FrameWriter(PhysicalAddress guest)
{
    public const ushort IPv4Type = 0x0800;
    public const ushort ArpType = 0x0806;
    public const int EthernetLength = 14;
    public const int IPv4Length = 20;
    public const byte Icmp = 1;
    public const byte Tcp = 6;
    public const byte Udp = 17;

    private const int UdpLength = 8;
    private const byte TimeToLive = 64;
    private const ushort DoNotFragment = 0x4000;

    private readonly byte[] _guest = guest.GetAddressBytes();

    /// <summary>The adapter that everything outside the guest seems to have.</summary>
    public static ReadOnlySpan<byte> Gateway => [0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc];

    /// <summary>A frame with a payload that is no IPv4.</summary>
    public byte[] Frame(ushort type, ReadOnlySpan<byte> payload)
    {
        byte[] frame = Start(type, payload.Length);
        payload.CopyTo(frame.AsSpan(EthernetLength));
        return frame;
    }

    /// <summary>An IPv4 packet (RFC 791 section 3.1).</summary>
    public byte[] Packet(IPAddress source, IPAddress target, byte protocol, ReadOnlySpan<byte> payload)
    {
        byte[] frame = Start(IPv4Type, IPv4Length + payload.Length);
        Span<byte> header = frame.AsSpan(EthernetLength, IPv4Length);
        header[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], (ushort)(IPv4Length + payload.Length));
        BinaryPrimitives.WriteUInt16BigEndian(header[6..], DoNotFragment);
        header[8] = TimeToLive;
        header[9] = protocol;
        source.TryWriteBytes(header[12..], out _);
        target.TryWriteBytes(header[16..], out _);
        BinaryPrimitives.WriteUInt16BigEndian(header[10..], InternetChecksum.Of(header));
        payload.CopyTo(frame.AsSpan(EthernetLength + IPv4Length));
        return frame;
    }

    /// <summary>A UDP datagram (RFC 768).</summary>
    public byte[] Datagram(IPEndPoint source, IPEndPoint target, ReadOnlySpan<byte> payload)
    {
        byte[] datagram = new byte[UdpLength + payload.Length];
        BinaryPrimitives.WriteUInt16BigEndian(datagram, (ushort)source.Port);
        BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(2), (ushort)target.Port);
        BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(4), (ushort)datagram.Length);
        payload.CopyTo(datagram.AsSpan(UdpLength));
        ushort checksum = InternetChecksum.Of(source.Address, target.Address, Udp, datagram);
        BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(6), checksum == 0 ? ushort.MaxValue : checksum);
        return Packet(source.Address, target.Address, Udp, datagram);
    }

    private byte[] Start(ushort type, int length)
    {
        byte[] frame = new byte[EthernetLength + length];
        _guest.CopyTo(frame, 0);
        Gateway.CopyTo(frame.AsSpan(6));
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), type);
        return frame;
    }
}
