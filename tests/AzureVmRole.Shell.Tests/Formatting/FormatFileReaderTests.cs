using System.Management.Automation;
using AzureVmRole.Shell.Formatting;
using AzureVmRole.Shell.Tests.Commands;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Shell.Tests.Formatting;

public sealed class FormatFileReaderTests : IDisposable
{
    private const string Views =
        """
        <Configuration><ViewDefinitions>
          <View><Name>scripted</Name>
            <ViewSelectedBy><TypeName>AzureVmRole.Shell.Tests.Commands.Widget</TypeName></ViewSelectedBy>
            <ListControl><ListEntries><ListEntry><ListItems>
              <ListItem><ScriptBlock>$_.Name</ScriptBlock></ListItem>
            </ListItems></ListEntry></ListEntries></ListControl>
          </View>
          <View><Name>table</Name>
            <ViewSelectedBy><TypeName>AzureVmRole.Shell.Tests.Commands.Widget</TypeName></ViewSelectedBy>
            <TableControl>
              <TableHeaders>
                <TableColumnHeader><Label>Title</Label><Width>6</Width></TableColumnHeader>
                <TableColumnHeader><Width>8</Width><Alignment>Right</Alignment></TableColumnHeader>
                <TableColumnHeader><Width>10</Width></TableColumnHeader>
              </TableHeaders>
              <TableRowEntries><TableRowEntry><Wrap/><TableColumnItems>
                <TableColumnItem><PropertyName>Name</PropertyName></TableColumnItem>
                <TableColumnItem><PropertyName>Size</PropertyName><FormatString>{0:N0}</FormatString></TableColumnItem>
                <TableColumnItem><PropertyName>Tags</PropertyName></TableColumnItem>
              </TableColumnItems></TableRowEntry></TableRowEntries>
            </TableControl>
          </View>
          <View><Name>list</Name>
            <ViewSelectedBy><TypeName>AzureVmRole.Shell.Tests.Commands.Widget</TypeName></ViewSelectedBy>
            <ListControl><ListEntries><ListEntry><ListItems>
              <ListItem><PropertyName>Name</PropertyName></ListItem>
              <ListItem><Label>Bytes</Label><PropertyName>Size</PropertyName><FormatString>{0:N0}</FormatString></ListItem>
            </ListItems></ListEntry></ListEntries></ListControl>
          </View>
        </ViewDefinitions></Configuration>
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly FormatCatalogue _catalogue;

    public FormatFileReaderTests()
    {
        File.WriteAllText(_folder.File("views.ps1xml"), Views);
        _catalogue = new FormatCatalogue(_folder.File("views.ps1xml"));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Find_NoShape_TakesTheFirstViewWithoutScripts()
    {
        ObjectView? view = _catalogue.Find(Widget(1), shape: null);

        Assert.Equal(ViewShape.Table, view?.Shape);
        Assert.Equal(["Title", "Size", "Tags"], view?.Columns.Select(column => column.Label));
    }

    [Fact]
    public void Write_Table_UsesLabelsFormatsAndAlignment()
    {
        ObjectView view = _catalogue.Find(Widget(1), ViewShape.Table)!;

        string text = TableText.Write(view, [Widget(1)], terminalWidth: null);

        Assert.Equal("\nTitle  Size Tags\n-----  ---- ----\nw1    1,000 {t1}\n\n", text.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Write_TableOnTerminal_WrapsInColumnsOfTheViewsWidth()
    {
        ObjectView view = _catalogue.Find(Widget(4), ViewShape.Table)!;

        string text = TableText.Write(view, [Widget(4)], terminalWidth: 80);

        Assert.Equal(
            "\nTitle      Size Tags\n-----      ---- ----\nw4        4,000 {t1, t2, t\n                3, t4}\n\n",
            text.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Write_List_UsesLabelsAndFormats()
    {
        ObjectView view = _catalogue.Find(Widget(1), ViewShape.List)!;

        Assert.Equal("\nName  : w1\nBytes : 1,000\n\n", ListText.Write(view, [Widget(1)], null).ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Find_UnknownType_FindsNothing() => Assert.Null(_catalogue.Find(new PSObject("text"), shape: null));

    private static PSObject Widget(int number) => new(new Widget
    {
        Name = $"w{number}",
        Size = number * 1000,
        Tags = [.. Enumerable.Range(1, number).Select(tag => $"t{tag}")],
    });
}
