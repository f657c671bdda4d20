using System.Management.Automation;
using System.Text;

namespace AzureVmRole.Shell.Formatting;

/// <summary>Lays objects out as lists, a line per property.</summary>
internal static class ListText
{
    public static string Write(ObjectView view, IReadOnlyList<PSObject> values, int? terminalWidth)
    {
        int labelWidth = view.Columns.Max(column => column.Label.Length);
        StringBuilder text = new();
        text.AppendLine();
        foreach (PSObject value in values)
        {
            foreach (ViewColumn column in view.Columns)
            {
                text.Append(column.Label.PadRight(labelWidth)).Append(" : ");
                AppendContent(text, ValueText.Of(value, column), labelWidth + 3, terminalWidth);
            }

            text.AppendLine();
        }

        return text.ToString();
    }

    private static void AppendContent(StringBuilder text, string content, int indent, int? terminalWidth)
    {
        int room = terminalWidth is { } width && width - indent > 20 ? width - indent : int.MaxValue;
        bool isFirst = true;
        foreach (string line in content.ReplaceLineEndings("\n").Split('\n'))
        {
            string rest = line;
            do
            {
                string part = rest.Length > room ? rest[..room] : rest;
                text.Append(isFirst ? "" : new string(' ', indent)).AppendLine(part);
                rest = rest[part.Length..];
                isFirst = false;
            }
            while (rest.Length > 0);
        }
    }
}
