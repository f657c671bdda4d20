using System.Text.RegularExpressions;
using AzureVmRole.PowerShell.Tests.Commands;
using Xunit;

namespace AzureVmRole.PowerShell.Tests.Manifest;

public sealed partial class ManifestTests
{
    private static readonly string Text = File.ReadAllText(RepositoryFiles.Manifest);

    [Fact]
    public void CmdletsToExport_AreExactlyTheClasses()
    {
        string list = ExportList().Match(Text).Groups["list"].Value;
        string[] exported = [.. QuotedName().Matches(list).Select(match => match.Groups["name"].Value)];

        IEnumerable<string> classes = CommandClass.Types().Select(type => new CommandClass(type).Name);
        Assert.Equal(classes.Order(StringComparer.Ordinal), exported, StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("FunctionsToExport")]
    [InlineData("AliasesToExport")]
    [InlineData("VariablesToExport")]
    public void OtherExports_AreEmpty(string key) =>
        Assert.Matches(new Regex($@"{key}\s*=\s*@\(\)", RegexOptions.None, TimeSpan.FromSeconds(1)), Text);

    [Fact]
    public void NestedModules_LoaderComesFirst() =>
        Assert.Contains("@('bin/AzureVmRole.Loader.dll', 'bin/AzureVmRole.PowerShell.dll')", Text, StringComparison.Ordinal);

    [GeneratedRegex(@"CmdletsToExport\s*=\s*@\((?<list>[^)]*)\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ExportList();

    [GeneratedRegex("'(?<name>[^']+)'", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex QuotedName();
}
