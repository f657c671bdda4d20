using System.Collections;
using AzureVmRole.Disks.Vhd;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AzureVmRole.Disks.Tests.Vhd;

public sealed class VhdSectorBitmapTests
{
    [Theory]
    [InlineData("80", 0, 8, 1, true)]
    [InlineData("7F", 0, 8, 1, false)]
    [InlineData("01", 7, 8, 1, true)]
    [InlineData("FFFFFFFFFFFFFFFFFE", 0, 72, 71, true)]
    [InlineData("FFFFFFFFFFFFFFFFFF", 3, 72, 69, true)]
    [InlineData("00000000000000000001", 1, 80, 78, false)]
    public void RunLength_KnownBitmaps_MostSignificantBitFirst(string hex, int from, int to, int expected, bool isSet)
    {
        int length = VhdSectorBitmap.RunLength(Convert.FromHexString(hex), from, to, out bool found);

        Assert.Equal((expected, isSet), (length, found));
    }

    [Fact]
    public void RunLength_AnyBitmapAndRange_AsCountedBitByBit() => Prop.ForAll<int>(seed =>
    {
        var random = new Random(seed);
        byte[] bitmap = RandomRuns(random);
        int to = random.Next(1, (bitmap.Length * 8) + 1);
        int from = random.Next(to);
        int expected = 1;
        while (from + expected < to && Bit(bitmap, from + expected) == Bit(bitmap, from))
        {
            expected++;
        }

        int length = VhdSectorBitmap.RunLength(bitmap, from, to, out bool isSet);

        Assert.Equal((expected, Bit(bitmap, from)), (length, isSet));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Set_AnyRun_TheseBitsAndNoOthers() => Prop.ForAll<int>(seed =>
    {
        var random = new Random(seed);
        byte[] bitmap = RandomRuns(random);
        int from = random.Next(bitmap.Length * 8);
        int count = random.Next((bitmap.Length * 8) - from + 1);
        bool[] expected = [.. Enumerable.Range(0, bitmap.Length * 8).Select(bit => Bit(bitmap, bit) || (bit >= from && bit < from + count))];

        VhdSectorBitmap.Set(bitmap, from, count);

        Assert.Equal(expected, Enumerable.Range(0, bitmap.Length * 8).Select(bit => Bit(bitmap, bit)));
    }).QuickCheckThrowOnFailure();

    private static bool Bit(byte[] bitmap, int index) => (bitmap[index / 8] & (128 >> (index % 8))) != 0;

    private static byte[] RandomRuns(Random random)
    {
        var bits = new BitArray(8 * random.Next(1, 40));
        bool value = random.Next(2) == 0;
        for (int bit = 0; bit < bits.Length; value = !value)
        {
            for (int end = bit + random.Next(1, 100); bit < Math.Min(end, bits.Length); bit++)
            {
                bits[bit] = value;
            }
        }

        byte[] bytes = new byte[bits.Length / 8];
        bits.CopyTo(bytes, 0);
        return bytes;
    }
}
