using AzureVmRole.Disks.Files;
using AzureVmRole.Disks.Vhdx;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Disks.Tests.Vhdx;

public sealed class VhdxSectorBitmapTests
{
    private const int BitmapSize = 20_000;
    private const int BitmapOffset = 4096;

    [Fact]
    public void EnumerateRuns_RandomRangesOfRandomBits_AsBitByBit()
    {
        using var folder = new TemporaryFolder();
        var random = new Random(7);
        byte[] bitmap = MakeBitmap(random);
        File.WriteAllBytes(folder.File("bits"), [.. new byte[BitmapOffset], .. bitmap]);
        using var file = DiskFile.OpenRead(folder.File("bits"));
        for (int count = 0; count < 300; count++)
        {
            int first = random.Next(BitmapSize * 8);
            int length = random.Next(1, Math.Min((BitmapSize * 8) - first, 90_000) + 1);
            int bit = first;
            foreach ((int bitCount, bool isPresent) in VhdxSectorBitmap.EnumerateRuns(file, BitmapOffset, first, length))
            {
                Assert.True(bitCount > 0);
                for (int end = bit + bitCount; bit < end; bit++)
                {
                    Assert.Equal((bitmap[bit / 8] >> (bit % 8) & 1) == 1, isPresent);
                }
            }

            Assert.Equal(first + length, bit);
        }
    }

    // Long runs of either value, rubbish between them.
    private static byte[] MakeBitmap(Random random)
    {
        byte[] bitmap = new byte[BitmapSize];
        random.NextBytes(bitmap);
        for (int count = 0; count < 60; count++)
        {
            int start = random.Next(BitmapSize);
            bitmap.AsSpan(start, random.Next(Math.Min(BitmapSize - start, 900))).Fill((byte)(255 * random.Next(2)));
        }

        return bitmap;
    }
}
