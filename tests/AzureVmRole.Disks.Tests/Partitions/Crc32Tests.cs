using AzureVmRole.Disks.Partitions;
using Xunit;

namespace AzureVmRole.Disks.Tests.Partitions;

public sealed class Crc32Tests
{
    [Fact]
    public void Compute_CheckString_IsTheKnownValue() => Assert.Equal(0xCBF43926u, Crc32.Compute("123456789"u8));

    [Fact]
    public void ComputeSkipping_FieldTakenAsZeros() => Assert.Equal(
        Crc32.Compute([1, 2, 0, 0, 5]), Crc32.ComputeSkipping([1, 2, 3, 4, 5], 2, 2));
}
