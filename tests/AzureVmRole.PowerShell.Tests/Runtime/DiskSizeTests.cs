using AzureVmRole.PowerShell.Runtime;
using Xunit;

namespace AzureVmRole.PowerShell.Tests.Runtime;

public sealed class DiskSizeTests
{
    [Fact]
    public void ToLength_None_IsNone() => Assert.Null(DiskSize.ToLength(null, "a.vhd"));

    [Fact]
    public void ToLength_LargestFile_IsTaken() => Assert.Equal(long.MaxValue, DiskSize.ToLength(long.MaxValue, "a.vhd"));

    [Fact]
    public void ToLength_AboveLargestFile_NamesTheDisk()
    {
        DiskOperationException error = Assert.Throws<DiskOperationException>(() => DiskSize.ToLength(1UL << 63, "a.vhd"));

        Assert.Equal(ErrorCode.DiskSizeOutOfRange, error.Code);
        Assert.Equal("a.vhd", error.Target);
    }
}
