using AzureVmRole.HelpBuilder.Tests.Fixtures;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.HelpBuilder.Tests;

public sealed class HelpBuildTests
{
    [Fact]
    public void Run_PagesRight_WritesHelpAndTopics()
    {
        using TemporaryFolder folder = new();
        HelpBuilderOptions options = Prepare(folder, Fixture.Page);

        Assert.Empty(HelpBuild.Run(options));

        string[] files = [.. Directory.GetFiles(options.OutputFolder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
        Assert.Equal(["AzureVmRole.HelpBuilder.Tests.dll-Help.xml", "about_Things.help.txt"], files);
        Assert.Equal("THINGS\n", File.ReadAllText(Path.Combine(options.OutputFolder, "about_Things.help.txt")));
    }

    [Fact]
    public void Run_PageWrong_WritesNothing()
    {
        using TemporaryFolder folder = new();
        HelpBuilderOptions options = Prepare(folder, Fixture.Page.Replace("### -Grain", "### -Grains", StringComparison.Ordinal));

        IReadOnlyList<HelpProblem> problems = HelpBuild.Run(options);

        Assert.Equal([HelpCodes.ParameterUndocumented, HelpCodes.ParameterUnknown], problems.Select(problem => problem.Code).ToArray());
        Assert.False(Directory.Exists(options.OutputFolder));
    }

    [Theory]
    [InlineData("--cmdlets a.dll --references r.txt --pages p --output o", true)]
    [InlineData("--cmdlets a.dll --references r.txt --pages p --output o --error-codes T", true)]
    [InlineData("--cmdlets a.dll --references r.txt --pages p", false)]
    [InlineData("--cmdlets a.dll --references r.txt --pages p --output", false)]
    [InlineData("--cmdlets a.dll --references r.txt --pages p --output o --other x", false)]
    public void TryParse_Arguments_AreAllNeededAndKnown(string line, bool expected) =>
        Assert.Equal(expected, HelpBuilderOptions.TryParse(line.Split(' '), out _));

    private static HelpBuilderOptions Prepare(TemporaryFolder folder, string page)
    {
        string pages = Directory.CreateDirectory(folder.File("pages")).FullName;
        File.WriteAllText(Path.Combine(pages, "Measure-Thing.md"), page);
        File.WriteAllText(Path.Combine(pages, "about_Things.help.txt"), "THINGS\n");
        File.WriteAllLines(folder.File("references.txt"), Fixture.References);
        return new HelpBuilderOptions
        {
            CmdletAssemblyPath = Fixture.AssemblyPath,
            ReferenceListPath = folder.File("references.txt"),
            PagesFolder = pages,
            OutputFolder = folder.File("out"),
            ErrorCodeType = typeof(ThingColour).FullName,
        };
    }
}
