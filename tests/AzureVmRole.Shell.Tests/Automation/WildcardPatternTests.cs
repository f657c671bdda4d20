using System.Management.Automation;
using Xunit;

namespace AzureVmRole.Shell.Tests.Automation;

public sealed class WildcardPatternTests
{
    [Theory]
    [InlineData("*", "", true)]
    [InlineData("a*c", "abbbc", true)]
    [InlineData("a*b*c", "axbxbxc", true)]
    [InlineData("a*c", "abcd", false)]
    [InlineData("?b", "ab", true)]
    [InlineData("?b", "b", false)]
    [InlineData("[a-c]x", "Bx", true)]
    [InlineData("[a-c]x", "dx", false)]
    [InlineData("[!a]", "!", true)]
    [InlineData("a`*", "a*", true)]
    [InlineData("a`*", "ab", false)]
    [InlineData("[a", "a", false)]
    public void IsMatch_Pattern_Matches(string pattern, string text, bool expected) =>
        Assert.Equal(expected, new WildcardPattern(pattern, WildcardOptions.IgnoreCase).IsMatch(text));

    [Theory]
    [InlineData("a[1]*?`b")]
    [InlineData("plain")]
    public void Escape_AnyText_MatchesItselfAndComesBack(string text)
    {
        string escaped = WildcardPattern.Escape(text);

        Assert.True(new WildcardPattern(escaped).IsMatch(text));
        Assert.False(WildcardPattern.ContainsWildcardCharacters(escaped));
        Assert.Equal(text, WildcardPattern.Unescape(escaped));
    }
}
