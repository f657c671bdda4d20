using AzureVmRole.HelpBuilder.Pages;
using AzureVmRole.HelpBuilder.Tests.Fixtures;
using Xunit;

namespace AzureVmRole.HelpBuilder.Tests.Pages;

public sealed class PageReaderTests
{
    private static readonly HelpPage Page = PageReader.Read(Fixture.PagePath, Fixture.Page);

    [Fact]
    public void Read_Fixture_HasNoProblems() => Assert.Empty(Page.Problems);

    [Fact]
    public void Read_Marks_AreGone()
    {
        Assert.Equal(["Measures a thing & says how long it is."], Page.Synopsis);
        Assert.Equal("The first paragraph has code, and goes on in the next line.", Page.Description[0]);
    }

    [Fact]
    public void Read_List_KeepsItsLines() =>
        Assert.Equal("- one\n- two, see a page (https://example.com/a)", Page.Description[1]);

    [Fact]
    public void Read_Code_KeepsItsLines() => Assert.Equal("code\n  stays", Page.Description[2]);

    [Fact]
    public void Read_Default_IsTakenFromTheText()
    {
        PageParameter parameter = Page.Parameters.Single(parameter => parameter.Name == "SizeInBytes");

        Assert.Equal("1 MiB", parameter.DefaultValue);
        Assert.Equal(["How long a thing may be, in bytes."], parameter.Text);
        Assert.Null(Page.Parameters[0].DefaultValue);
    }

    [Fact]
    public void Read_Example_SeparatesCodeFromOutput()
    {
        PageExample example = Assert.Single(Page.Examples);

        Assert.Equal("Measure-Thing -Path a.thing -Colour Red", example.Code);
        Assert.Equal(["Before the code.", "After the code:", "12 < 13"], example.Remarks);
    }

    [Fact]
    public void Read_Tables_BecomeEntries()
    {
        Assert.Equal(["System.IO.FileInfo", "System.Boolean"], Page.Outputs.Select(entry => entry.Name).ToArray());
        Assert.Equal(["The thing is red.", "Use blue."], Page.Errors[0].Text);
        Assert.Equal("https://example.com/?a=1&b=2", Page.Links[1].Target);
    }

    [Theory]
    [InlineData("# A\n\n## Synopsis\n\n## Examples\n\n## Parameters\n", 7)]
    [InlineData("# A\n\n## Synopsis\n\n## Synopsis\n", 5)]
    [InlineData("# A\n\n## Notes\n", 3)]
    [InlineData("# A\n\n# B\n", 3)]
    [InlineData("Text only.\n", 1)]
    public void Read_ShapeWrong_NamesTheLine(string markdown, int line)
    {
        HelpProblem problem = Assert.Single(PageReader.Read("A.md", markdown).Problems);

        Assert.Equal(HelpCodes.PageShape, problem.Code);
        Assert.Equal(line, problem.Line);
    }
}
