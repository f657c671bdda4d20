using AzureVmRole.Fabric.Control;
using AzureVmRole.Fabric.Resources;
using Xunit;

namespace AzureVmRole.Fabric.Tests.Control;

public sealed class BackOffTests
{
    private static readonly ResourceId Disk = TestParts.Id(ResourceType.Disks, "d");

    [Fact]
    public void Fail_InARow_DoublesUpToAMinute()
    {
        var backOff = new BackOff(() => 0);

        double[] seconds = [.. Enumerable.Range(0, 12).Select(_ => backOff.Fail(Disk).Delay.TotalSeconds)];

        Assert.Equal([0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 51.2, 60, 60, 60], seconds, (one, other) => Math.Abs(one - other) < 0.001);
    }

    [Fact]
    public void Fail_Random_TakesUpToHalfAway()
    {
        var backOff = new BackOff(() => 1);

        Assert.Equal(BackOff.Shortest / 2, backOff.Fail(Disk).Delay);
    }

    [Fact]
    public void Succeed_OneResource_ForgetsItsFailuresOnly()
    {
        var backOff = new BackOff(() => 0);
        ResourceId other = TestParts.Id(ResourceType.Disks, "e");
        backOff.Fail(Disk);
        backOff.Fail(Disk);
        backOff.Fail(other);

        backOff.Succeed(Disk);

        Assert.Equal(1, backOff.Fail(Disk).Failures);
        Assert.Equal(2, backOff.Fail(other).Failures);
    }
}
