using AzureVmRole.Disks.Vhdx;
using Xunit;

namespace AzureVmRole.Disks.Tests.Vhdx;

public sealed class BitSegmentsTests
{
    private const int Capacity = 600_000;

    [Fact]
    public void AddRange_RandomRanges_AsSet()
    {
        var random = new Random(1);
        var bits = new BitSegments(Capacity);
        var model = new HashSet<long>();
        for (int count = 0; count < 3000; count++)
        {
            int first = random.Next(Capacity - 300);
            int length = random.Next(1, 300);
            bool allNew = Enumerable.Range(first, length).Count(number => model.Add(number)) == length;

            Assert.Equal(allNew, bits.AddRange(first, length));
        }

        Assert.All(Enumerable.Range(0, Capacity).Where(number => number % 7 == 0), number =>
            Assert.Equal(model.Contains(number), bits.Contains(number)));
    }

    [Fact]
    public void Add_Twice_FalseTheSecondTime()
    {
        var bits = new BitSegments(Capacity);

        Assert.True(bits.Add(Capacity - 1));
        Assert.False(bits.Add(Capacity - 1));
        Assert.True(bits.Add(Capacity - 2));
    }
}
