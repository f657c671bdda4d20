using System.Buffers.Binary;
using System.Text;

namespace AzureVmRole.Fabric.Guests.Media;

/// <summary>Parts that UDF's descriptors share: tags with checksums, times, names, addresses. ECMA-167, part 1 and 3.</summary>
internal static class UdfTag
{
    /// <summary>Bytes of a tag.</summary>
    public const int Size = 16;

    private const ushort Version = 2;
    private const ushort Revision = 0x0102;
    private const ushort Polynomial = 0x1021;

    /// <summary>Writes the tag of a descriptor whose content is complete.</summary>
    /// <param name="descriptor">From its tag on.</param>
    /// <param name="identifier">What it is.</param>
    /// <param name="location">Its sector, or its block within the partition.</param>
    /// <param name="length">Bytes after the tag that the checksum covers.</param>
    public static void Seal(Span<byte> descriptor, ushort identifier, uint location, int length)
    {
        descriptor[..Size].Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(descriptor, identifier);
        BinaryPrimitives.WriteUInt16LittleEndian(descriptor[2..], Version);
        BinaryPrimitives.WriteUInt16LittleEndian(descriptor[8..], Checksum(descriptor.Slice(Size, length)));
        BinaryPrimitives.WriteUInt16LittleEndian(descriptor[10..], (ushort)length);
        BinaryPrimitives.WriteUInt32LittleEndian(descriptor[12..], location);
        int sum = 0;
        foreach (byte part in descriptor[..Size])
        {
            sum += part;
        }

        descriptor[4] = (byte)(sum & 0xFF);
    }

    /// <summary>Year to second, in UTC: ECMA-167, 1/7.3.</summary>
    public static void WriteTime(Span<byte> at, DateTimeOffset time)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(at, 0x1000);
        BinaryPrimitives.WriteInt16LittleEndian(at[2..], (short)time.Year);
        at[4] = (byte)time.Month;
        at[5] = (byte)time.Day;
        at[6] = (byte)time.Hour;
        at[7] = (byte)time.Minute;
        at[8] = (byte)time.Second;
    }

    /// <summary>Text of ASCII in a field whose last byte says how much of it is used: ECMA-167, 1/7.2.12.</summary>
    public static void WriteText(Span<byte> field, string text)
    {
        field[0] = 8;
        Encoding.ASCII.GetBytes(text, field[1..]);
        field[^1] = (byte)(text.Length + 1);
    }

    /// <summary>The character set of all text: UDF 2.1.2.</summary>
    public static void WriteCharacters(Span<byte> at) => "OSTA Compressed Unicode"u8.CopyTo(at[1..]);

    /// <summary>Who wrote or understands something, with UDF's revision where it is UDF's own name: ECMA-167, 1/7.4 and UDF 2.1.5.</summary>
    public static void WriteIdentifier(Span<byte> at, string text)
    {
        Encoding.ASCII.GetBytes(text, at[1..]);
        if (text.StartsWith("*OSTA", StringComparison.Ordinal) || text.StartsWith("*UDF", StringComparison.Ordinal))
        {
            BinaryPrimitives.WriteUInt16LittleEndian(at[24..], Revision);
        }
    }

    /// <summary>An extent in sectors: ECMA-167, 3/7.1.</summary>
    public static void WriteExtent(Span<byte> at, uint length, uint sector)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(at, length);
        BinaryPrimitives.WriteUInt32LittleEndian(at[4..], sector);
    }

    /// <summary>The text of a file's name: bytes where that is enough, else two for each character.</summary>
    public static byte[] Name(string name) =>
        name.All(static sign => sign <= 0xFF) ? [8, .. Encoding.Latin1.GetBytes(name)] : [16, .. Encoding.BigEndianUnicode.GetBytes(name)];

    private static ushort Checksum(ReadOnlySpan<byte> bytes)
    {
        int checksum = 0;
        foreach (byte part in bytes)
        {
            checksum ^= part << 8;
            for (int bit = 0; bit < 8; bit++)
            {
                checksum = (checksum & 0x8000) == 0 ? checksum << 1 : (checksum << 1) ^ Polynomial;
            }

            checksum &= 0xFFFF;
        }

        return (ushort)checksum;
    }
}
