using AzureVmRole.Disks.Copying;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AzureVmRole.Disks.Tests.Copying;

public sealed class ZeroScanTests
{
    [Fact]
    public void TryNextData_OnlyZeros_False()
    {
        Assert.False(ZeroScan.TryNextData(new byte[300_000], 0, out _));
        Assert.False(ZeroScan.TryNextData([], 0, out _));
    }

    [Fact]
    public void TryNextData_OneByteInAUnit_TheWholeUnit()
    {
        byte[] data = new byte[(3 * ZeroScan.Granularity) + 100];
        data[ZeroScan.Granularity + 5] = 1;
        data[^1] = 1;

        Assert.True(ZeroScan.TryNextData(data, 0, out Range first));
        Assert.True(ZeroScan.TryNextData(data, first.End.Value, out Range second));

        Assert.Equal(ZeroScan.Granularity..(2 * ZeroScan.Granularity), first);
        Assert.Equal((3 * ZeroScan.Granularity)..data.Length, second);
    }

    [Fact]
    public void TryNextData_AnyBuffer_RunsHoldAllDataAndNoZeroUnit() => Prop.ForAll<int>(seed =>
    {
        var random = new Random(seed);
        byte[] data = new byte[random.Next(1, 10 * ZeroScan.Granularity)];
        for (int count = random.Next(6); count > 0; count--)
        {
            int from = random.Next(data.Length);
            random.NextBytes(data.AsSpan(from, Math.Min(data.Length - from, random.Next(1, 100_000))));
        }

        int start = random.Next(data.Length);
        byte[] copied = new byte[data.Length];
        int position = start;
        while (position < data.Length && ZeroScan.TryNextData(data, position, out Range run))
        {
            (int from, int length) = run.GetOffsetAndLength(data.Length);
            Assert.InRange(from, position, data.Length - 1);
            Assert.True(from % ZeroScan.Granularity == 0 || from == start);
            AssertNoZeroUnit(data, from, length);
            data.AsSpan(from, length).CopyTo(copied.AsSpan(from));
            position = from + length;
        }

        data.AsSpan(0, start).CopyTo(copied);
        Assert.Equal(data, copied);
    }).QuickCheckThrowOnFailure();

    private static void AssertNoZeroUnit(byte[] data, int from, int length)
    {
        for (int unit = from; unit < from + length; unit = ((unit / ZeroScan.Granularity) + 1) * ZeroScan.Granularity)
        {
            int end = Math.Min(((unit / ZeroScan.Granularity) + 1) * ZeroScan.Granularity, from + length);
            Assert.False(ZeroScan.IsZero(data.AsSpan(unit, end - unit)));
        }
    }
}
