using System.Management.Automation;
using AzureVmRole.Shell.Hosting;
using AzureVmRole.Shell.Output;
using AzureVmRole.Shell.Parsing;

namespace AzureVmRole.Shell.Prompting;

/// <summary>Asks for commands and runs them, until <c>exit</c> or the end of the input.</summary>
internal sealed class Prompt
{
    private readonly ShellSession _session;
    private readonly ITerminal _terminal;
    private readonly string _version;
    private readonly LineEditor _editor;

    public Prompt(ShellSession session, ITerminal terminal, string version)
    {
        _session = session;
        _terminal = terminal;
        _version = version;
        _editor = new LineEditor(terminal, new Completer(session));
    }

    public int Run()
    {
        if (!_terminal.CanAsk)
        {
            return RunInput();
        }

        _terminal.Write($"azvmrole {_version}: the cmdlets of AzureVmRole. Get-Command lists them, exit ends.\n");
        _terminal.Flush();
        string text = "";
        while (!_session.HasExited && _editor.ReadLine(text.Length == 0 ? "azvmrole> " : ">> ") is { } line)
        {
            text = RunOrKeep(text.Length == 0 ? line : text + "\n" + line, mayContinue: line.Length > 0);
        }

        return _session.ExitCode;
    }

    // Input that is no terminal: the whole of it is one script.
    private int RunInput()
    {
        List<string> lines = [];
        while (_terminal.ReadLine() is { } line)
        {
            lines.Add(line);
        }

        RunOrKeep(string.Join('\n', lines), mayContinue: false);
        return _session.ExitCode;
    }

    /// <summary>Runs the text; returns it when it is only the start of a command.</summary>
    private string RunOrKeep(string text, bool mayContinue)
    {
        try
        {
            _session.Run(text);
        }
        catch (ScriptSyntaxException error) when (error.IsIncomplete && mayContinue)
        {
            return text;
        }
        catch (ScriptSyntaxException error)
        {
            _session.Report(new ErrorRecord(error, "ParseError", ErrorCategory.ParserError, text));
        }

        return "";
    }
}
