using System.Xml.Linq;
using AzureVmRole.HelpBuilder.Maml;
using AzureVmRole.HelpBuilder.Metadata;
using AzureVmRole.HelpBuilder.Pages;
using AzureVmRole.HelpBuilder.Tests.Fixtures;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.HelpBuilder.Tests.Maml;

public sealed class MamlDocumentTests
{
    private static readonly HelpPage Page = PageReader.Read(Fixture.PagePath, Fixture.Page);

    /// <summary>The golden file was read with Get-Help in PowerShell 7.6 before it was kept.</summary>
    [Fact]
    public void Save_Fixture_IsGolden()
    {
        using TemporaryFolder folder = new();
        string path = folder.File("help.xml");

        MamlDocument.Save(MamlDocument.Create([Fixture.Cmdlet], [Page]), path);

        Assert.Equal(File.ReadAllText(Fixture.PathOf("Measure-Thing.xml")), File.ReadAllText(path));
    }

    [Fact]
    public void Create_SyntaxOrder_IsPositionThenMandatoryThenPage()
    {
        XElement path = Syntax().First();

        Assert.Equal(
            ["Path", "SizeInBytes", "Colour", "Grain", "PassThru", "WhatIf", "Confirm"],
            path.Elements(MamlNames.Command + "parameter").Select(parameter => parameter.Element(MamlNames.Text + "name")!.Value).ToArray());
    }

    [Fact]
    public void Create_Syntax_HasOneItemPerSet() =>
        Assert.Equal(
            ["Path", "SizeInBytes"],
            Syntax().Select(item => item.Descendants(MamlNames.Text + "name").Skip(1).First().Value).ToArray());

    [Fact]
    public void Create_SeveralCmdlets_AreInOrderOfNames()
    {
        CmdletEntry[] cmdlets = [Named("Test", "B"), Named("Get", "B"), Named("Get", "A")];
        HelpPage[] pages = [.. cmdlets.Select(cmdlet => PageReader.Read(cmdlet.Name + ".md", $"# {cmdlet.Name}\n"))];

        XDocument document = MamlDocument.Create(cmdlets, pages);

        Assert.Equal(
            ["Get-A", "Get-B", "Test-B"],
            document.Descendants(MamlNames.Command + "details").Select(details => details.Element(MamlNames.Command + "name")!.Value).ToArray());
    }

    [Fact]
    public void Save_SpecialCharacters_AreEscaped()
    {
        using TemporaryFolder folder = new();
        string path = folder.File("help.xml");

        MamlDocument.Save(MamlDocument.Create([Fixture.Cmdlet], [Page]), path);

        string text = File.ReadAllText(path);
        Assert.Contains("a thing &amp; says", text, StringComparison.Ordinal);
        Assert.Contains("12 &lt; 13", text, StringComparison.Ordinal);
        Assert.Contains("?a=1&amp;b=2", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', text);
    }

    private static IEnumerable<XElement> Syntax() =>
        MamlDocument.Create([Fixture.Cmdlet], [Page]).Descendants(MamlNames.Command + "syntaxItem");

    private static CmdletEntry Named(string verb, string noun) =>
        new() { Verb = verb, Noun = noun, SetNames = [ParameterSetEntry.AllSets], Parameters = [] };
}
