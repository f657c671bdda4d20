using AzureVmRole.HelpBuilder.Checks;
using AzureVmRole.HelpBuilder.Pages;
using AzureVmRole.HelpBuilder.Tests.Fixtures;
using Xunit;

namespace AzureVmRole.HelpBuilder.Tests.Checks;

/// <summary>Each test spoils the fixture's page in one place and expects one problem with its line.</summary>
public sealed class PageCheckerTests
{
    private static readonly HashSet<string> ErrorIds = ["Red", "Blue"];

    [Fact]
    public void Check_Fixture_FindsNothing() => Assert.Empty(Check(Fixture.Page));

    [Theory]
    [InlineData("## Synopsis\n\nMeasures a *thing* & says how long it is.", "## Synopsis", HelpCodes.TextMissing, 3)]
    [InlineData("## Synopsis\n\nMeasures a *thing* & says how long it is.\n", "", HelpCodes.TextMissing, 1)]
    [InlineData("### -Colour\n\nIts colour.\n\n", "", HelpCodes.ParameterUndocumented, 20)]
    [InlineData("### -PassThru", "### -PassThrough", HelpCodes.ParameterUndocumented, 20)]
    [InlineData("### -PassThru\n\nGives", "### -WhatIf\n\nText.\n\n### -PassThru\n\nGives", HelpCodes.ParameterUnknown, 46)]
    [InlineData("Its colour.", "", HelpCodes.TextMissing, 36)]
    [InlineData("```powershell", "```text", HelpCodes.ExampleMissing, 52)]
    [InlineData("| Red | The", "| Grey | The", HelpCodes.ErrorIdUnknown, 83)]
    [InlineData("(Measure-Thing.md)", "(Measure-Nothing.md)", HelpCodes.LinkBroken, 88)]
    [InlineData("| System.Boolean | With `-PassThru`. |\n", "", HelpCodes.OutputsDiffer, 72)]
    public void Check_PageSpoiled_NamesTheLine(string good, string bad, string code, int line)
    {
        Assert.Contains(good, Fixture.Page, StringComparison.Ordinal);

        HelpProblem problem = Check(Fixture.Page.Replace(good, bad, StringComparison.Ordinal)).First();

        Assert.Equal((code, line), (problem.Code, problem.Line));
        Assert.StartsWith($"{Fixture.PagePath}({line}): error {code}: ", problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Check_ExamplesMissing_NamesTheHeading()
    {
        string spoiled = Fixture.Page.Replace("### Measure one thing", "", StringComparison.Ordinal);

        HelpProblem problem = Assert.Single(Check(spoiled));

        Assert.Equal((HelpCodes.ExampleMissing, 50), (problem.Code, problem.Line));
    }

    [Fact]
    public void Check_CmdletWithoutPage_NamesTheMissingFile()
    {
        HelpProblem problem = Assert.Single(PageChecker.Check("docs", [Fixture.Cmdlet], [], null));

        Assert.Equal(HelpCodes.PageMissing, problem.Code);
        Assert.Equal(Path.Combine("docs", "Measure-Thing.md"), problem.File);
    }

    [Fact]
    public void Check_PageWithoutCmdlet_IsRefused()
    {
        HelpPage page = PageReader.Read("Get-Nothing.md", "# Get-Nothing\n");

        HelpProblem problem = Assert.Single(PageChecker.Check("docs", [], [page], null));

        Assert.Equal((HelpCodes.CmdletUnknown, "Get-Nothing.md"), (problem.Code, problem.File));
    }

    [Fact]
    public void Check_ErrorIdOnNoPage_IsNamed()
    {
        HelpPage page = PageReader.Read(Fixture.PagePath, Fixture.Page);

        HelpProblem problem = Assert.Single(PageChecker.Check("docs", [Fixture.Cmdlet], [page], new HashSet<string>(ErrorIds, StringComparer.Ordinal) { "Green" }));

        Assert.Equal(HelpCodes.ErrorIdUnexplained, problem.Code);
        Assert.Contains("Green", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_FileNameDiffers_IsRefused()
    {
        string other = Path.Combine(Path.GetDirectoryName(Fixture.PagePath)!, "Other.md");
        HelpPage page = PageReader.Read(other, Fixture.Page);

        HelpProblem problem = Assert.Single(PageChecker.Check("docs", [Fixture.Cmdlet], [page], ErrorIds));

        Assert.Equal(HelpCodes.PageShape, problem.Code);
    }

    private static HelpProblem[] Check(string markdown) =>
    [
        .. PageChecker.Check("docs", [Fixture.Cmdlet], [PageReader.Read(Fixture.PagePath, markdown)], ErrorIds),
    ];
}
