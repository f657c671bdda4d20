using System.Management.Automation;
using System.Numerics;
using Xunit;

namespace AzureVmRole.Shell.Tests.Automation;

public sealed class NumberLiteralTests
{
    public static TheoryData<string, object> Accepted => new()
    {
        { "5", 5 },
        { "-5", -5 },
        { "10GB", 10L << 30 },
        { "1pb", 1L << 50 },
        { "1.5kb", 1536.0 },
        { "1e3", 1000.0 },
        { "5.", 5.0 },
        { "0xFF", 255 },
        { "0xFFFFFFFF", -1 },
        { "-0x10", -16 },
        { "0x1FKB", 31 * 1024 },
        { "0b101", 5 },
        { "2147483648", 2147483648L },
        { "99999999999999999999", 99999999999999999999m },
        { "1lkb", 1024L },
        { "1.5d", 1.5m },
        { "5ul", 5UL },
        { "5u", 5U },
        { "5s", (short)5 },
        { "5uy", (byte)5 },
        { "5n", new BigInteger(5) },
    };

    [Theory]
    [MemberData(nameof(Accepted))]
    public void TryParse_Number_HasPowerShellsTypeAndValue(string text, object expected)
    {
        Assert.True(NumberLiteral.TryParse(text, out NumberLiteral? literal));

        Assert.Equal(expected, literal.Value);
        Assert.Equal(expected.GetType(), literal.Value.GetType());
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData(".")]
    [InlineData("kb")]
    [InlineData("5x")]
    [InlineData("1kbl")]
    [InlineData("1_000")]
    [InlineData("1..5")]
    [InlineData("0xG")]
    [InlineData("300uy")]
    [InlineData("1.2.3")]
    public void TryParse_OtherText_IsNoNumber(string text) => Assert.False(NumberLiteral.TryParse(text, out _));
}
