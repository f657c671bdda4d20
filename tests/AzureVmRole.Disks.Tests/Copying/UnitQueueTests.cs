using AzureVmRole.Disks.Copying;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AzureVmRole.Disks.Tests.Copying;

public sealed class UnitQueueTests
{
    [Fact]
    public void TryTake_NoExtents_False() => Assert.False(new UnitQueue([], 4096).TryTake([], out _));

    [Fact]
    public void TryTake_AnyExtents_EveryByteOnceAndNoUnitTwice() => Prop.ForAll<int>(seed =>
    {
        var random = new Random(seed);
        int unitSize = 512 << random.Next(6);
        List<DiskExtent> extents = RandomExtents(random);
        var queue = new UnitQueue(extents, unitSize);
        var taken = new List<DiskExtent>();
        var unit = new List<DiskExtent>();
        long last = -1;
        while (queue.TryTake(unit, out long reached))
        {
            Assert.NotEmpty(unit);
            Assert.Equal(0, reached % unitSize);
            Assert.All(unit, part => Assert.Equal((reached / unitSize) - 1, part.DiskOffset / unitSize));
            Assert.All(unit, part => Assert.InRange(part.End, part.DiskOffset + 1, reached));
            Assert.True(reached > last);
            last = reached;
            taken.AddRange(unit);
        }

        Assert.Equal(extents.SelectMany(Bytes), taken.SelectMany(Bytes));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void TryTake_EndlessExtents_TakesNoMoreThanItNeeds()
    {
        int made = 0;
        var queue = new UnitQueue(Endless(), 4096);
        var unit = new List<DiskExtent>();
        for (int count = 1; count <= 5; count++)
        {
            Assert.True(queue.TryTake(unit, out _));
            Assert.Equal(4, unit.Count);
            Assert.InRange(made, count * 4, (count * 4) + 1);
        }

        IEnumerable<DiskExtent> Endless()
        {
            while (true)
            {
                yield return new DiskExtent(made++ * 1024L, 1024, ExtentKind.Zero);
            }
        }
    }

    /// <summary>Where on the disk and where in the file each sector is.</summary>
    private static IEnumerable<(long, long)> Bytes(DiskExtent extent)
    {
        for (long offset = 0; offset < extent.Length; offset += 512)
        {
            yield return (extent.DiskOffset + offset, extent.FileOffset + (extent.Kind == ExtentKind.File ? offset : 0));
        }
    }

    private static List<DiskExtent> RandomExtents(Random random)
    {
        var extents = new List<DiskExtent>();
        long position = 0;
        for (int count = random.Next(12); count > 0; count--)
        {
            position += random.Next(3) * 512L * random.Next(20);
            long length = random.Next(30) * 512L;
            extents.Add(random.Next(2) == 0
                ? new DiskExtent(position, length, ExtentKind.File, null, random.Next(1000) * 512L)
                : new DiskExtent(position, length, ExtentKind.Encoded));
            position += length;
        }

        return extents;
    }
}
