using AzureVmRole.PowerShell.Runtime;
using Xunit;

namespace AzureVmRole.PowerShell.Tests.Runtime;

public sealed class ByteSizeTests
{
    [Theory]
    [InlineData(0, "0 bytes")]
    [InlineData(1023, "1023 bytes")]
    [InlineData(1024, "1 KiB")]
    [InlineData(1536, "1.5 KiB")]
    [InlineData(136365211648, "127 GiB")]
    [InlineData(2199023255552, "2 TiB")]
    [InlineData(long.MaxValue, "8 EiB")]
    public void Format_Bytes_TakesTheLargestUnit(long byteCount, string expected) =>
        Assert.Equal(expected, ByteSize.Format(byteCount));
}
