using System.Text;
using AzureVmRole.Disks.Vhd;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AzureVmRole.Disks.Tests.Vhd;

public sealed class VhdParentLocatorTests
{
    [Fact]
    public void Parse_GoldenBytes_EveryField() => Assert.Equal(
        new VhdParentLocator("W2ku", 0x200, 0x2A, 0x0102030405060708),
        VhdParentLocator.Parse(Convert.FromHexString("57326B75" + "00000200" + "0000002A" + "00000000" + "0102030405060708")));

    [Fact]
    public void WriteTo_AnyValues_RoundTrips() => Prop.ForAll<uint, uint, ulong>((space, length, offset) =>
    {
        var locator = new VhdParentLocator("MacX", space, length, offset);
        byte[] bytes = new byte[VhdParentLocator.Size];
        locator.WriteTo(bytes);
        return VhdParentLocator.Parse(bytes) == locator;
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("W2ru", @".\base.vhd")]
    [InlineData("W2ku", @"C:\disks\grün.vhd")]
    public void Decode_Windows_Utf16LittleEndianUpToTheFirstZero(string code, string path)
    {
        var locator = new VhdParentLocator(code, 512, 0, 0);

        Assert.Equal(path, locator.Decode(Encoding.Unicode.GetBytes(path)));
        Assert.Equal(path, locator.Decode(Encoding.Unicode.GetBytes(path + "\0\0rest")));
    }

    [Theory]
    [InlineData("file:///Users/me/base.vhd", "/Users/me/base.vhd")]
    [InlineData("file://localhost/Users/me/a%20b%C3%BC.vhd", "/Users/me/a bü.vhd")]
    [InlineData("http://host.example/base.vhd", null)]
    [InlineData("not a url", null)]
    public void Decode_Mac_PathOfTheFileUrl(string url, string? path) =>
        Assert.Equal(path, new VhdParentLocator("MacX", 512, 0, 0).Decode(Encoding.UTF8.GetBytes(url)));

    [Theory]
    [InlineData("Wi2r")]
    [InlineData("Mac ")]
    [InlineData("\0\0\0\0")]
    public void Decode_OtherCode_Nothing(string code) =>
        Assert.Null(new VhdParentLocator(code, 512, 0, 0).Decode("some bytes"u8));

    [Theory]
    [InlineData(0ul, 100u, true)]
    [InlineData(1ul, 100u, false)]
    [InlineData(ulong.MaxValue, 1u, false)]
    [InlineData(0ul, uint.MaxValue, false)]
    [InlineData(100ul, 0u, true)]
    public void EndsBefore_FileOf100Bytes_OnlyWhatLiesInside(ulong offset, uint length, bool expected) =>
        Assert.Equal(expected, new VhdParentLocator("W2ru", 0, length, offset).EndsBefore(100));
}
