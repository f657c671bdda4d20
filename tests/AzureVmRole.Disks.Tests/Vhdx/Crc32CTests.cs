using AzureVmRole.Disks.Vhdx;
using Xunit;

namespace AzureVmRole.Disks.Tests.Vhdx;

public sealed class Crc32CTests
{
    [Fact]
    public void Append_CheckValue_AsPublished() =>
        Assert.Equal(0xE3069283u, Crc32C.Finish(Crc32C.Append(Crc32C.Start, "123456789"u8)));

    [Fact]
    public void Compute_AnyLengthAndField_AsReference()
    {
        var random = new Random(1);
        for (int length = 4; length < 200; length++)
        {
            byte[] data = new byte[length];
            random.NextBytes(data);
            int field = random.Next(length - 3);
            byte[] cleared = [.. data];
            cleared.AsSpan(field, 4).Clear();

            Assert.Equal(ReferenceCrc32C.Compute(cleared), Crc32C.Compute(data, field));
        }
    }
}
