using System.Buffers.Binary;
using System.IO.Compression;

namespace AzureVmRole.Fabric.Hosts.Qemu;

/// <summary>A picture as QEMU writes it before it knew PNG: Netpbm's PPM in its binary form (http://netpbm.sourceforge.net/doc/ppm.html), one picture, eight bits a colour.</summary>
internal static class PortablePixmap
{
    /// <summary>More than any screen of QEMU's standard adapter, whose 16 MiB of memory hold a byte for a pixel at least.</summary>
    public const int LongestFile = 64 << 20;

    private const int BytesInPixel = 3;
    private const int LargestSide = 1 << 15;

    // PNG specification (W3C, third edition): 5.2 the signature, 5.3 what a chunk is, 11.2.1 IHDR, 9 filters, annex D the check.
    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a];

    /// <summary>The same picture as a PNG.</summary>
    /// <exception cref="InvalidDataException">It is no such picture.</exception>
    public static byte[] ToPng(ReadOnlySpan<byte> pixmap)
    {
        ReadOnlySpan<byte> pixels = ReadHeader(pixmap, out int width, out int height);
        using var png = new MemoryStream();
        png.Write(Signature);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        header[8] = 8;
        header[9] = 2; // colours, no palette; what follows is the one compression, the one set of filters, no interlacing
        WriteChunk(png, "IHDR"u8, header);
        WriteChunk(png, "IDAT"u8, Compress(pixels, width * BytesInPixel));
        WriteChunk(png, "IEND"u8, []);
        return png.ToArray();
    }

    private static ReadOnlySpan<byte> ReadHeader(ReadOnlySpan<byte> pixmap, out int width, out int height)
    {
        if (!pixmap.StartsWith("P6"u8))
        {
            throw new InvalidDataException("The picture does not begin with 'P6', as a PPM does.");
        }

        int offset = 2;
        width = ReadNumber(pixmap, ref offset, "width", LargestSide);
        height = ReadNumber(pixmap, ref offset, "height", LargestSide);
        int greatest = ReadNumber(pixmap, ref offset, "greatest value", 255);
        if (greatest != 255)
        {
            throw new InvalidDataException($"The picture's greatest value is {greatest}, expected 255.");
        }

        // One character of white space, and then the pixels.
        long expected = (long)width * height * BytesInPixel;
        long found = Math.Max(pixmap.Length - offset - 1, 0);
        return found == expected ? pixmap[(offset + 1)..]
            : throw new InvalidDataException($"The picture is {width} x {height} and has {found} bytes of pixels, expected {expected}.");
    }

    /// <summary>A number after white space; a line that begins with '#' is a comment.</summary>
    private static int ReadNumber(ReadOnlySpan<byte> pixmap, ref int offset, string what, int greatest)
    {
        int start = offset;
        while (offset < pixmap.Length && (IsSpace(pixmap[offset]) || pixmap[offset] == '#'))
        {
            int length = pixmap[offset] == '#' ? pixmap[offset..].IndexOf((byte)'\n') : 1;
            offset = length < 0 ? pixmap.Length : offset + length;
        }

        int value = 0;
        int digits = 0;
        for (bool isSpaced = offset > start; isSpaced && offset < pixmap.Length && char.IsAsciiDigit((char)pixmap[offset]) && value <= greatest; offset++, digits++)
        {
            value = (value * 10) + (pixmap[offset] - '0');
        }

        return digits > 0 && value is > 0 && value <= greatest ? value
            : throw new InvalidDataException($"The picture's {what} at offset {offset} is no number from 1 to {greatest}.");
    }

    private static bool IsSpace(byte value) => value is (byte)' ' or (>= 0x09 and <= 0x0d);

    private static byte[] Compress(ReadOnlySpan<byte> pixels, int rowLength)
    {
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (; pixels.Length > 0; pixels = pixels[rowLength..])
            {
                zlib.WriteByte(0); // no filter
                zlib.Write(pixels[..rowLength]);
            }
        }

        return compressed.ToArray();
    }

    private static void WriteChunk(MemoryStream png, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        png.Write(number);
        png.Write(type);
        png.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~Check(data, Check(type, ~0u)));
        png.Write(number);
    }

    private static uint Check(ReadOnlySpan<byte> data, uint state)
    {
        foreach (byte value in data)
        {
            state ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                state = (state >> 1) ^ ((state & 1) == 0 ? 0 : 0xedb8_8320);
            }
        }

        return state;
    }
}
