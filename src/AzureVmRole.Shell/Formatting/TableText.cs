using System.Management.Automation;
using System.Text;

namespace AzureVmRole.Shell.Formatting;

/// <summary>Lays objects out as a table, each column as wide as its widest value.</summary>
internal static class TableText
{
    private const int LeastWidth = 4;

    public static string Write(ObjectView view, IReadOnlyList<PSObject> values, int? terminalWidth)
    {
        string[][] rows = [.. values.Select(value => Row(value, view))];
        bool[] alignsRight = [.. view.Columns.Select(column => AlignsRight(column, values))];
        int[] widths = Widths(view, rows, terminalWidth);
        StringBuilder text = new();
        text.AppendLine();
        if (!view.HidesHeaders)
        {
            AppendRow(text, [.. view.Columns.Select(column => column.Label)], widths, alignsRight);
            AppendRow(text, [.. view.Columns.Select(column => new string('-', column.Label.Length))], widths, alignsRight);
        }

        foreach (string[] row in rows)
        {
            foreach (string[] line in view.Wraps ? Wrap(row, widths) : [row])
            {
                AppendRow(text, line, widths, alignsRight);
            }
        }

        return text.AppendLine().ToString();
    }

    private static string[] Row(PSObject value, ObjectView view) =>
        [.. view.Columns.Select(column => ValueText.Of(value, column).ReplaceLineEndings(" "))];

    private static bool AlignsRight(ViewColumn column, IReadOnlyList<PSObject> values) => column.Alignment switch
    {
        ViewAlignment.Right => true,
        ViewAlignment.Automatic => ValueText.IsNumber(values[0], column),
        _ => false,
    };

    private static int[] Widths(ObjectView view, string[][] rows, int? terminalWidth)
    {
        int[] widths = new int[view.Columns.Count];
        for (int index = 0; index < widths.Length; index++)
        {
            int needed = rows.Select(row => row[index].Length).Append(view.Columns[index].Label.Length).Max();
            int wanted = view.Columns[index].Width;
            widths[index] = wanted > 0 && terminalWidth is not null ? wanted : needed;
        }

        // Too wide: the widest columns give way first.
        int total = widths.Sum() + widths.Length - 1;
        while (total > terminalWidth && widths.Max() > LeastWidth)
        {
            widths[Array.IndexOf(widths, widths.Max())]--;
            total--;
        }

        return widths;
    }

    private static IEnumerable<string[]> Wrap(string[] row, int[] widths)
    {
        string[] rest = row;
        while (true)
        {
            yield return [.. rest.Select((cell, index) => cell[..Math.Min(cell.Length, widths[index])])];
            rest = [.. rest.Select((cell, index) => cell[Math.Min(cell.Length, widths[index])..])];
            if (Array.TrueForAll(rest, cell => cell.Length == 0))
            {
                yield break;
            }
        }
    }

    private static void AppendRow(StringBuilder text, string[] cells, int[] widths, bool[] alignsRight)
    {
        StringBuilder line = new();
        for (int index = 0; index < cells.Length; index++)
        {
            string cell = cells[index].Length > widths[index] ? cells[index][..(widths[index] - 1)] + "…" : cells[index];
            line.Append(index == 0 ? "" : " ");
            line.Append(alignsRight[index] ? cell.PadLeft(widths[index]) : cell.PadRight(widths[index]));
        }

        text.AppendLine(line.ToString().TrimEnd());
    }
}
