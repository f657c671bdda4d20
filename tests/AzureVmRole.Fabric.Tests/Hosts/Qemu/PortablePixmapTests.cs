using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using AzureVmRole.Fabric.Hosts.Qemu;
using Xunit;

namespace AzureVmRole.Fabric.Tests.Hosts.Qemu;

public sealed class PortablePixmapTests
{
    /// <summary>A red pixel as other programs write it, but for the compressed data.</summary>
    private const string RedPixel = "89504E470D0A1A0A" + "0000000D49484452000000010000000108020000" + "00907753DE";

    [Fact]
    public void ToPng_OnePixel_HasTheHeaderAndEndOfEveryPng()
    {
        string png = Convert.ToHexString(PortablePixmap.ToPng([.. "P6 1 1 255\n"u8, 255, 0, 0]));

        Assert.StartsWith(RedPixel, png, StringComparison.Ordinal);
        Assert.EndsWith("0000000049454E44AE426082", png, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("P6\n2 3\n255\n")]
    [InlineData("P6 # QEMU\n# 9 9\n 2\t3 255 ")]
    public void ToPng_Picture_HasItsPixels(string header)
    {
        byte[] pixels = [.. Enumerable.Range(0, 18).Select(number => (byte)(number * 13))];

        Dictionary<string, byte[]> chunks = Read(PortablePixmap.ToPng([.. Encoding.ASCII.GetBytes(header), .. pixels]));

        Assert.Equal((2, 3), (BinaryPrimitives.ReadInt32BigEndian(chunks["IHDR"]), BinaryPrimitives.ReadInt32BigEndian(chunks["IHDR"].AsSpan(4))));
        using var zlib = new ZLibStream(new MemoryStream(chunks["IDAT"]), CompressionMode.Decompress);
        using var rows = new MemoryStream();
        zlib.CopyTo(rows);
        Assert.Equal([0, .. pixels[..6], 0, .. pixels[6..12], 0, .. pixels[12..]], rows.ToArray());
    }

    [Theory]
    [InlineData("", "does not begin with 'P6'")]
    [InlineData("P5 1 1 255\n...", "does not begin with 'P6'")]
    [InlineData("P6", "width at offset 2")]
    [InlineData("P61 1 255\n...", "width at offset 2")]
    [InlineData("P6 x 1 255\n...", "width at offset 3")]
    [InlineData("P6 0 1 255\n", "width at offset 4")]
    [InlineData("P6 -1 1 255\n...", "width at offset 3")]
    [InlineData("P6 99999999999999999999 1 255\n...", "width at offset")]
    [InlineData("P6 32769 1 255\n...", "no number from 1 to 32768")]
    [InlineData("P6 1", "height at offset")]
    [InlineData("P6 1 # a comment without an end", "height at offset")]
    [InlineData("P6 1 1 65535\n......", "greatest value at offset")]
    [InlineData("P6 1 1 254\n...", "greatest value is 254")]
    [InlineData("P6 1 1 255", "has 0 bytes of pixels, expected 3")]
    [InlineData("P6 1 1 255\n..", "has 2 bytes of pixels, expected 3")]
    [InlineData("P6 1 1 255\n....", "has 4 bytes of pixels, expected 3")]
    [InlineData("P6 32768 32768 255\n...", "has 3 bytes of pixels, expected 3221225472")]
    public void ToPng_NoSuchPicture_SaysWhatIsWrong(string pixmap, string problem) =>
        Assert.Contains(problem, Assert.Throws<InvalidDataException>(() => PortablePixmap.ToPng(Encoding.ASCII.GetBytes(pixmap))).Message, StringComparison.Ordinal);

    [Fact]
    public void ToPng_CutAnywhere_IsRefused()
    {
        byte[] whole = [.. "P6\n2 2\n255\n"u8, .. new byte[12]];
        Assert.NotEmpty(PortablePixmap.ToPng(whole));

        for (int length = 0; length < whole.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => PortablePixmap.ToPng(whole.AsSpan(0, length)));
        }
    }

    private static Dictionary<string, byte[]> Read(byte[] png)
    {
        var chunks = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        for (int offset = 8; offset < png.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(offset));
            chunks[Encoding.ASCII.GetString(png, offset + 4, 4)] = png[(offset + 8)..(offset + 8 + length)];
            offset += 12 + length;
        }

        return chunks;
    }
}
