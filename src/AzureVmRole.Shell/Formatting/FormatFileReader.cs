using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace AzureVmRole.Shell.Formatting;

/// <summary>
/// Reads a format file (about_Format.ps1xml): tables and lists whose columns are properties, with format strings. A view
/// with a script block is left out, since the shell runs no scripts.
/// </summary>
internal static class FormatFileReader
{
    public static List<(string TypeName, ObjectView View)> Read(string path)
    {
        XmlReaderSettings settings = new() { DtdProcessing = DtdProcessing.Prohibit };
        using var reader = XmlReader.Create(path, settings);
        var document = XDocument.Load(reader);
        List<(string TypeName, ObjectView View)> views = [];
        foreach (XElement element in document.Descendants("View"))
        {
            ObjectView? view = ReadTable(element.Element("TableControl")) ?? ReadList(element.Element("ListControl"));
            if (view is null || element.Descendants("ScriptBlock").Any())
            {
                continue;
            }

            foreach (XElement type in element.Elements("ViewSelectedBy").Elements("TypeName"))
            {
                views.Add((type.Value.Trim(), view));
            }
        }

        return views;
    }

    private static ObjectView? ReadTable(XElement? table)
    {
        if (table is null)
        {
            return null;
        }

        List<XElement> headers = [.. table.Elements("TableHeaders").Elements("TableColumnHeader")];
        List<XElement> items =
            [.. table.Elements("TableRowEntries").Elements("TableRowEntry").Take(1).Descendants("TableColumnItem")];
        List<ViewColumn> columns = [];
        for (int index = 0; index < items.Count; index++)
        {
            XElement? header = index < headers.Count ? headers[index] : null;
            string property = Text(items[index], "PropertyName") ?? "";
            columns.Add(new ViewColumn(
                Text(header, "Label") ?? property,
                property,
                Text(items[index], "FormatString"),
                int.TryParse(Text(header, "Width"), CultureInfo.InvariantCulture, out int width) ? width : 0,
                Alignment(Text(items[index], "Alignment") ?? Text(header, "Alignment"))));
        }

        return new ObjectView(
            ViewShape.Table,
            columns,
            HidesHeaders: table.Element("HideTableHeaders") is not null,
            Wraps: table.Elements("TableRowEntries").Elements("TableRowEntry").Elements("Wrap").Any());
    }

    private static ObjectView? ReadList(XElement? list)
    {
        if (list is null)
        {
            return null;
        }

        List<ViewColumn> lines = [];
        foreach (XElement item in list.Elements("ListEntries").Elements("ListEntry").Take(1).Descendants("ListItem"))
        {
            string property = Text(item, "PropertyName") ?? "";
            lines.Add(new ViewColumn(Text(item, "Label") ?? property, property, Text(item, "FormatString")));
        }

        return new ObjectView(ViewShape.List, lines);
    }

    private static string? Text(XElement? parent, string name) => parent?.Element(name)?.Value.Trim();

    private static ViewAlignment Alignment(string? text) =>
        Enum.TryParse(text, ignoreCase: true, out ViewAlignment alignment) ? alignment : ViewAlignment.Left;
}
