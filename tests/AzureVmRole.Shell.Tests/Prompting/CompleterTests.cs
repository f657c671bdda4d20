using AzureVmRole.Shell.Prompting;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Shell.Tests.Prompting;

public sealed class CompleterTests
{
    [Theory]
    [InlineData("Get-Wid", "Get-Widget")]
    [InlineData("Get-Widget | Show-Ty", "Show-Types")]
    [InlineData("Show-Types -Col", "-Colour")]
    [InlineData("Show-Types -Colour gre", "Green,Grey")]
    [InlineData("Show-Valid -Set ", "One,Two")]
    [InlineData("Measure-Typed a", "First:a")]
    [InlineData("Measure-Typed 'one two' -Quiet b", "Second:b,First=one two")]
    [InlineData("Measure-Typed -Other x -Second y ", "First:,Other=x,Second=y")]
    [InlineData("Get-Widget 3 | Measure-Typed \"a b\" -Second c", "Second:c,First=a b")]
    [InlineData("Show-Types -ErrorAction Si", "SilentlyContinue")]
    [InlineData("Set-Widget -What", "-WhatIf")]
    [InlineData("Nope -x", "")]
    public void Complete_Word_OffersWhatFits(string line, string expected)
    {
        CompletionList list = new Completer(ShellRun.Session(new TestTerminal())).Complete(line, line.Length);

        Assert.Equal(expected, string.Join(',', list.Texts));
    }

    [Fact]
    public void Complete_Path_OffersFilesWithQuotesWhereNeeded()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.File("one.vhd"), "");
        File.WriteAllText(folder.File("one two.vhd"), "");
        File.WriteAllText(folder.File(".one"), "");
        Completer completer = new(ShellRun.Session(new TestTerminal(), location: folder.Path));

        Assert.Equal(["'one two.vhd'", "one.vhd"], completer.Complete("Show-Path on", 12).Texts);
        Assert.Equal(["./one.vhd"], completer.Complete("Show-Path -Path ./one.", 22).Texts);
    }
}
