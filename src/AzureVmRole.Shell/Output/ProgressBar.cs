using System.Globalization;
using System.Management.Automation;

namespace AzureVmRole.Shell.Output;

/// <summary>One line on standard error that shows how far a command has come; nothing where there is no terminal.</summary>
internal sealed class ProgressBar
{
    private const int BarWidth = 24;
    private const string ClearLine = "\r\u001B[K";

    private readonly ITerminal _terminal;
    private bool _isShown;

    public ProgressBar(ITerminal terminal)
    {
        _terminal = terminal;
    }

    public void Show(ProgressRecord record)
    {
        if (_terminal.IsErrorRedirected)
        {
            return;
        }

        if (record.RecordType == ProgressRecordType.Completed)
        {
            Clear();
            return;
        }

        string line = Describe(record);
        int width = Math.Max(1, _terminal.Width - 1);
        _terminal.WriteError(ClearLine + (line.Length > width ? line[..width] : line));
        _isShown = true;
    }

    public void Clear()
    {
        if (_isShown)
        {
            _terminal.WriteError(ClearLine);
            _isShown = false;
        }
    }

    internal static string Describe(ProgressRecord record)
    {
        string line = record.Activity;
        if (record.PercentComplete >= 0)
        {
            int done = record.PercentComplete * BarWidth / 100;
            string bar = new string('#', done) + new string(' ', BarWidth - done);
            line += string.Create(CultureInfo.InvariantCulture, $" [{bar}] {record.PercentComplete,3} %");
        }

        line += "  " + record.StatusDescription;
        return record.SecondsRemaining >= 0 ? line + "  " + Left(record.SecondsRemaining) : line;
    }

    private static string Left(int seconds)
    {
        var left = TimeSpan.FromSeconds(seconds);
        string format = left.TotalHours >= 1 ? @"h\:mm\:ss" : @"m\:ss";
        return left.ToString(format, CultureInfo.InvariantCulture) + " left";
    }
}
