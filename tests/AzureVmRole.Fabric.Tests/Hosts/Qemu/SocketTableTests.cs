using System.Net;
using AzureVmRole.Fabric.Hosts.Qemu;
using Xunit;

namespace AzureVmRole.Fabric.Tests.Hosts.Qemu;

public sealed class SocketTableTests
{
    // Port 4660 is 0x1234, port 43981 0xABCD; the accounts are 1000 and 1001.
    private const string Title = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";
    private const string Near = "   0: 0100007F:1234 0100007F:ABCD 01 00000000:00000000 00:00000000 00000000  1000        0 101 1 0 20 4 30 10 -1\n";
    private const string Far = "   1: 0100007F:ABCD 0100007F:1234 01 00000000:00000000 00:00000000 00000000  1000        0 102 1 0 20 4 30 10 -1\n";

    [Theory]
    [InlineData(Title + Near + Far, true)]
    [InlineData(Title + Far + Near, true)]
    [InlineData(Title + Near, false)]
    [InlineData(Title + Far, false)]
    [InlineData(Title, false)]
    [InlineData("", false)]
    [InlineData("a b c 01 d e f\n\n   \n0 0100007F:1234", false)]
    public void HasOneOwner_BothEnds_AreLookedFor(string table, bool expected) => Assert.Equal(expected, HasOneOwner(table));

    [Fact]
    public void HasOneOwner_OtherAccount_IsNotOurs() => Assert.False(HasOneOwner(Title + Near + Far.Replace("  1000 ", "  1001 ", StringComparison.Ordinal)));

    [Fact]
    public void HasOneOwner_FarEndIsClosing_IsNotOurs() => Assert.False(HasOneOwner(Title + Near + Far.Replace(" 01 ", " 05 ", StringComparison.Ordinal)));

    [Fact]
    public void HasOneOwner_AnotherConnectionOfOurs_IsNotThatOne() => Assert.False(HasOneOwner(Title + Near + Far.Replace(":ABCD", ":ABCE", StringComparison.Ordinal)));

    private static bool HasOneOwner(string table) =>
        SocketTable.HasOneOwner(table, new IPEndPoint(IPAddress.Loopback, 0x1234), new IPEndPoint(IPAddress.Loopback, 0xABCD));
}
