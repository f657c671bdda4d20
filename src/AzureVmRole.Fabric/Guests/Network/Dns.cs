using System.Buffers.Binary;
using System.Text;

namespace AzureVmRole.Fabric.Guests.Network;

/// <summary>
/// Names (RFC 1035): the guest's own name has its address, nothing else exists. The guest can reach nothing else, and is told so at once.
/// </summary>
internal sealed class Dns(GuestIdentity guest)
{
    private const int HeaderLength = 12;
    private const int LongestName = 255;
    private const int LongestLabel = 63;
    private const ushort Response = 0x8000;
    private const ushort Authoritative = 0x0400;
    private const ushort RecursionDesired = 0x0100;
    private const ushort RecursionAvailable = 0x0080;
    private const ushort OpCode = 0x7800;
    private const ushort NameError = 3;
    private const ushort AddressRecord = 1;
    private const ushort Internet = 1;
    private const uint SecondsToLive = 60;

    /// <summary>The answer to a query; null for none.</summary>
    public byte[]? Answer(ReadOnlySpan<byte> query)
    {
        if (query.Length < HeaderLength)
        {
            return null;
        }

        ushort flags = BinaryPrimitives.ReadUInt16BigEndian(query[2..]);
        bool isOneQuestion = (flags & (Response | OpCode)) == 0 && BinaryPrimitives.ReadUInt16BigEndian(query[4..]) == 1;
        if (!isOneQuestion || ReadName(query[HeaderLength..], out int nameLength) is not { } name || query.Length < HeaderLength + nameLength + 4)
        {
            return null;
        }

        ReadOnlySpan<byte> question = query.Slice(HeaderLength, nameLength + 4);
        bool isOwn = IsOwn(name);
        bool hasAddress = isOwn && BinaryPrimitives.ReadUInt16BigEndian(question[nameLength..]) == AddressRecord
            && BinaryPrimitives.ReadUInt16BigEndian(question[(nameLength + 2)..]) == Internet;
        byte[] answer = new byte[HeaderLength + question.Length + (hasAddress ? 16 : 0)];
        query[..2].CopyTo(answer);
        int reply = Response | Authoritative | RecursionAvailable | (flags & RecursionDesired) | (isOwn ? 0 : NameError);
        BinaryPrimitives.WriteUInt16BigEndian(answer.AsSpan(2), (ushort)reply);
        BinaryPrimitives.WriteUInt16BigEndian(answer.AsSpan(4), 1);
        question.CopyTo(answer.AsSpan(HeaderLength));
        if (hasAddress)
        {
            BinaryPrimitives.WriteUInt16BigEndian(answer.AsSpan(6), 1);
            Span<byte> record = answer.AsSpan(HeaderLength + question.Length);
            BinaryPrimitives.WriteUInt16BigEndian(record, 0xc000 | HeaderLength);
            BinaryPrimitives.WriteUInt16BigEndian(record[2..], AddressRecord);
            BinaryPrimitives.WriteUInt16BigEndian(record[4..], Internet);
            BinaryPrimitives.WriteUInt32BigEndian(record[6..], SecondsToLive);
            BinaryPrimitives.WriteUInt16BigEndian(record[10..], 4);
            guest.Address.TryWriteBytes(record[12..], out _);
        }

        return answer;
    }

    private bool IsOwn(string name) => name.Equals(guest.ComputerName, StringComparison.OrdinalIgnoreCase)
        || name.StartsWith(guest.ComputerName + ".", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads a name without compression, which a question has no use for.</summary>
    private static string? ReadName(ReadOnlySpan<byte> data, out int length)
    {
        var name = new StringBuilder();
        for (length = 0; length < data.Length && length < LongestName;)
        {
            int label = data[length++];
            if (label == 0)
            {
                return name.ToString();
            }

            if (label > LongestLabel || data.Length - length < label)
            {
                return null;
            }

            name.Append(name.Length > 0 ? "." : "").Append(Encoding.ASCII.GetString(data.Slice(length, label)));
            length += label;
        }

        return null;
    }
}
