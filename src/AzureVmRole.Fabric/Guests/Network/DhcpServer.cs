using System.Buffers.Binary;
using System.Text;

namespace AzureVmRole.Fabric.Guests.Network;

/// <summary>
/// Gives a guest its one address (RFC 2131), with the options by which Azure's agents know where they are: the wire server's address as server
/// identifier and in option 245, and routes to it and to the metadata service in options 121 (RFC 3442) and 249 (its older number, for Windows).
/// </summary>
internal sealed class DhcpServer(GuestIdentity guest)
{
    private const int OptionsStart = 240;
    private const int LongestName = 255;
    private const uint Cookie = 0x63825363;
    private const byte BootReply = 2;

    /// <summary>The answer to a message of the guest.</summary>
    /// <param name="message">The datagram's content.</param>
    /// <param name="isTaken">Whether the guest has the address with this answer.</param>
    /// <returns>The content of the answer; null for none.</returns>
    public byte[]? Answer(ReadOnlySpan<byte> message, out bool isTaken)
    {
        isTaken = false;
        if (message.Length < OptionsStart || message[0] != 1 || message[1] != 1 || message[2] != 6
            || BinaryPrimitives.ReadUInt32BigEndian(message[236..]) != Cookie
            || !message.Slice(28, 6).SequenceEqual(guest.Adapter.GetAddressBytes()))
        {
            return null;
        }

        ReadOnlySpan<byte> options = message[OptionsStart..];
        ReadOnlySpan<byte> type = Find(options, DhcpOption.MessageType);
        DhcpMessage? answer = type is [var kind] ? (DhcpMessage)kind switch
        {
            DhcpMessage.Discover => DhcpMessage.Offer,
            DhcpMessage.Request => IsForUs(options) ? IsOurAddress(message, options) ? DhcpMessage.Acknowledge : DhcpMessage.Refuse : null,
            DhcpMessage.Inform => DhcpMessage.Acknowledge,
            _ => null,
        }
            : null;
        isTaken = answer == DhcpMessage.Acknowledge;
        return answer is { } reply ? Write(message, reply) : null;
    }

    private static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> options, DhcpOption wanted)
    {
        while (options.Length > 0 && options[0] != (byte)DhcpOption.End)
        {
            if (options[0] == (byte)DhcpOption.Pad)
            {
                options = options[1..];
                continue;
            }

            if (options.Length < 2 || options.Length < 2 + options[1])
            {
                break;
            }

            if (options[0] == (byte)wanted)
            {
                return options.Slice(2, options[1]);
            }

            options = options[(2 + options[1])..];
        }

        return default;
    }

    private static bool IsForUs(ReadOnlySpan<byte> options)
    {
        ReadOnlySpan<byte> server = Find(options, DhcpOption.ServerIdentifier);
        return server.IsEmpty || server.SequenceEqual(WellKnown.WireServer.GetAddressBytes());
    }

    private bool IsOurAddress(ReadOnlySpan<byte> message, ReadOnlySpan<byte> options)
    {
        ReadOnlySpan<byte> asked = Find(options, DhcpOption.RequestedAddress);
        return (asked.IsEmpty ? message.Slice(12, 4) : asked).SequenceEqual(guest.Address.GetAddressBytes());
    }

    private byte[] Write(ReadOnlySpan<byte> message, DhcpMessage type)
    {
        using var answer = new MemoryStream();
        Span<byte> header = stackalloc byte[OptionsStart];
        header.Clear();
        header[0] = BootReply;
        header[1] = 1;
        header[2] = 6;
        message.Slice(4, 4).CopyTo(header[4..]);
        message.Slice(10, 2).CopyTo(header[10..]);
        message.Slice(12, 4).CopyTo(header[12..]);
        if (type != DhcpMessage.Refuse)
        {
            guest.Address.TryWriteBytes(header[16..], out _);
        }

        WellKnown.WireServer.TryWriteBytes(header[20..], out _);
        message.Slice(28, 16).CopyTo(header[28..]);
        BinaryPrimitives.WriteUInt32BigEndian(header[236..], Cookie);
        answer.Write(header);
        Add(answer, DhcpOption.MessageType, [(byte)type]);
        Add(answer, DhcpOption.ServerIdentifier, WellKnown.WireServer.GetAddressBytes());
        if (type != DhcpMessage.Refuse)
        {
            byte[] routes = Routes();
            Add(answer, DhcpOption.SubnetMask, Mask());
            Add(answer, DhcpOption.Router, guest.Gateway.GetAddressBytes());
            Add(answer, DhcpOption.NameServer, WellKnown.WireServer.GetAddressBytes());
            Add(answer, DhcpOption.HostName, Encoding.ASCII.GetBytes(guest.ComputerName).AsSpan(0, Math.Min(guest.ComputerName.Length, LongestName)));
            Add(answer, DhcpOption.LeaseTime, [0xff, 0xff, 0xff, 0xff]);
            Add(answer, DhcpOption.ClasslessRoutes, routes);
            Add(answer, DhcpOption.ClasslessRoutesOfWindows, routes);
            Add(answer, DhcpOption.AzureEndpoint, WellKnown.WireServer.GetAddressBytes());
        }

        answer.WriteByte((byte)DhcpOption.End);
        return answer.ToArray();
    }

    private byte[] Mask()
    {
        byte[] mask = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(mask, uint.MaxValue << (32 - guest.PrefixLength));
        return mask;
    }

    private byte[] Routes()
    {
        byte[] gateway = guest.Gateway.GetAddressBytes();
        return [0, .. gateway, 32, .. WellKnown.WireServer.GetAddressBytes(), .. gateway, 32, .. WellKnown.Metadata.GetAddressBytes(), .. gateway];
    }

    private static void Add(MemoryStream answer, DhcpOption option, ReadOnlySpan<byte> value)
    {
        answer.WriteByte((byte)option);
        answer.WriteByte((byte)value.Length);
        answer.Write(value);
    }
}
