using System.Management.Automation;
using AzureVmRole.Shell.Formatting;
using AzureVmRole.Shell.Pipelines;

namespace AzureVmRole.Shell.Output;

/// <summary>Prints a pipeline's streams on the terminal and asks its questions there.</summary>
internal sealed class ShellOutput : IPipelineOutput
{
    private readonly ITerminal _terminal;
    private readonly OutputFormat _format;
    private readonly TextPrinter _text;
    private readonly JsonPrinter _json;
    private readonly ErrorPrinter _errors;
    private readonly ProgressBar _progress;
    private readonly bool _isInteractive;

    public ShellOutput(ITerminal terminal, OutputFormat format, FormatCatalogue views, bool isInteractive)
    {
        _terminal = terminal;
        _format = format;
        _isInteractive = isInteractive;
        _text = new TextPrinter(terminal, views);
        _json = new JsonPrinter(terminal);
        _errors = new ErrorPrinter(terminal, format);
        _progress = new ProgressBar(terminal);
    }

    /// <summary>Whether an error was written since the session started.</summary>
    public bool HadErrors { get; private set; }

    public void WriteObject(object? value)
    {
        _progress.Clear();
        if (_format == OutputFormat.Json)
        {
            _json.Add(value);
        }
        else
        {
            _text.Add(value);
        }
    }

    public void WriteError(ErrorRecord error)
    {
        HadErrors = true;
        _progress.Clear();
        _errors.Print(error);
    }

    public void WriteMessage(MessageKind kind, string text)
    {
        _progress.Clear();
        string line = kind switch
        {
            MessageKind.Warning => "WARNING: " + text,
            MessageKind.Verbose => "VERBOSE: " + text,
            MessageKind.Debug => "DEBUG: " + text,
            MessageKind.WhatIf => "What if: " + text,
            _ => text,
        };
        if (_format == OutputFormat.Text && kind is MessageKind.WhatIf or MessageKind.Host)
        {
            _text.AddLine(line);
        }
        else
        {
            _terminal.WriteError(line + Environment.NewLine);
        }
    }

    public void WriteProgress(ProgressRecord record) => _progress.Show(record);

    /// <summary>Prints what is still held back at the end of a pipeline.</summary>
    public void EndPipeline()
    {
        _progress.Clear();
        if (_format == OutputFormat.Json)
        {
            _json.End();
        }
        else
        {
            _text.End();
        }

        _terminal.Flush();
    }

    public ConfirmAnswer Ask(string caption, string question, bool offersAll)
    {
        if (!_isInteractive || !_terminal.CanAsk)
        {
            throw new PSInvalidOperationException(
                $"A confirmation is needed and there is nobody to ask: {question.ReplaceLineEndings(" ")}");
        }

        _progress.Clear();
        _terminal.Flush();
        return new ConfirmationPrompt(_terminal).Ask(caption, question, offersAll);
    }
}
