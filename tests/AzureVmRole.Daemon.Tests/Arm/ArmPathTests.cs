using AzureVmRole.Daemon.Arm;
using Xunit;

namespace AzureVmRole.Daemon.Tests.Arm;

public sealed class ArmPathTests
{
    [Theory]
    [InlineData("/", new string[0])]
    [InlineData("/subscriptions/S/", new[] { "subscriptions", "S" })]
    [InlineData("//subscriptions/S", new[] { "subscriptions", "S" })]
    [InlineData("/a%20b/%C3%A4", new[] { "a b", "ä" })]
    [InlineData("/a.b/...", new[] { "a.b", "..." })]
    public void Parse_GoodPath_DecodesEachPartOnce(string target, string[] expected) => Assert.Equal(expected, ArmPath.Parse(target));

    [Theory]
    [InlineData("subscriptions")]
    [InlineData("https://host/subscriptions")]
    [InlineData("*")]
    [InlineData("/a//b")]
    [InlineData("/a/../b")]
    [InlineData("/a/./b")]
    [InlineData("/a/%2e%2E/b")]
    [InlineData("/a%2Fb")]
    [InlineData("/a%5cb")]
    [InlineData("/a\\b")]
    [InlineData("/a%00")]
    [InlineData("/a%0d%0ab")]
    [InlineData("/a%7f")]
    [InlineData("/a%c2%85")]
    [InlineData("/a%252fb")]
    [InlineData("/a%")]
    [InlineData("/a%4")]
    [InlineData("/a%zz")]
    [InlineData("/a%ff")]
    [InlineData("/a%c0%ae%c0%ae")]
    public void Parse_TrickyPath_IsRefused(string target) =>
        Assert.Equal("InvalidRequestUri", Assert.Throws<FabricException>(() => ArmPath.Parse(target)).AzureCode);

    [Fact]
    public void Parse_LongPartOrManyParts_IsRefused()
    {
        Assert.Throws<FabricException>(() => ArmPath.Parse("/" + new string('a', ArmPath.LongestPart + 1)));
        Assert.Throws<FabricException>(() => ArmPath.Parse(string.Concat(Enumerable.Repeat("/a", ArmPath.MostParts + 1))));
        Assert.Single(ArmPath.Parse("/" + new string('a', ArmPath.LongestPart)));
    }
}
