using System.Globalization;
using System.Xml.Linq;
using Xunit;

namespace AzureVmRole.PowerShell.Tests.Manifest;

public sealed class FormatViewsTests
{
    private const int TerminalColumns = 80;
    private const int SmallestRest = 10;

    private static readonly XDocument Document = XDocument.Load(RepositoryFiles.FormatViews);

    public static TheoryData<string> Views => [.. Document.Descendants("View").Select(NameOf)];

    public static TheoryData<string> Tables =>
        [.. Document.Descendants("View").Where(view => view.Element("TableControl") is not null).Select(NameOf)];

    [Theory]
    [MemberData(nameof(Views))]
    public void Properties_AreThoseOfTheType(string name)
    {
        XElement view = ViewNamed(name);
        Type? type = typeof(BaseVhd).Assembly.GetType(view.Descendants("TypeName").Single().Value);

        Assert.NotNull(type);
        Assert.All(view.Descendants("PropertyName"), property => Assert.NotNull(type.GetProperty(property.Value)));
    }

    [Theory]
    [MemberData(nameof(Views))]
    public void Views_HoldNoScript(string name) => Assert.Empty(ViewNamed(name).Descendants("ScriptBlock"));

    [Theory]
    [MemberData(nameof(Tables))]
    public void Tables_FitTheTerminal(string name)
    {
        XElement view = ViewNamed(name);
        XElement[] columns = [.. view.Descendants("TableColumnHeader")];
        int[] widths = [.. columns.Elements("Width").Select(width => int.Parse(width.Value, CultureInfo.InvariantCulture))];

        Assert.Equal(view.Descendants("TableColumnItem").Count(), columns.Length);
        Assert.Equal(columns.Length - 1, widths.Length);
        Assert.InRange(widths.Sum() + columns.Length - 1, 1, TerminalColumns - SmallestRest);
    }

    private static XElement ViewNamed(string name) =>
        Document.Descendants("View").Single(view => NameOf(view) == name);

    private static string NameOf(XElement view) => view.Element("Name")!.Value;
}
