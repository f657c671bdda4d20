using System.Management.Automation;
using AzureVmRole.Shell.BuiltIn;
using AzureVmRole.Shell.Commands;
using AzureVmRole.Shell.Formatting;
using AzureVmRole.Shell.Output;
using AzureVmRole.Shell.Parsing;
using AzureVmRole.Shell.Pipelines;

namespace AzureVmRole.Shell.Hosting;

/// <summary>Commands, location and output of one run of the shell.</summary>
internal sealed class ShellSession
{
    private const string ExitKeyword = "exit";

    private readonly SessionState _sessionState;
    private readonly ShellOutput _output;
    private volatile Pipeline? _running;
    private int? _exitCode;

    public ShellSession(ITerminal terminal, ShellOptions options, string location, string? formatFile)
    {
        bool isInteractive = !options.NonInteractive;
        _output = new ShellOutput(terminal, options.OutputFormat, new FormatCatalogue(formatFile), isInteractive);
        _sessionState = new SessionState(location);
        BuiltInCommands.AddTo(Commands);
    }

    public CommandTable Commands { get; } = new();

    /// <summary>Where relative paths start.</summary>
    public string Location => _sessionState.Path.CurrentFileSystemLocation.Path;

    /// <summary>The exit code: what <c>exit</c> said, 130 after Ctrl-C, 1 after an error, else 0.</summary>
    public int ExitCode => _exitCode ?? (_output.HadErrors ? 1 : 0);

    /// <summary>Whether <c>exit</c> was reached.</summary>
    public bool HasExited { get; private set; }

    /// <summary>Runs a script.</summary>
    /// <param name="text">The script.</param>
    /// <param name="scriptFile">The absolute path of its file; empty when it has none.</param>
    /// <returns>False when it was stopped, by the user, by an error or by <c>exit</c>.</returns>
    /// <exception cref="ScriptSyntaxException">The script is outside the subset; nothing of it was run.</exception>
    public bool Run(string text, string scriptFile = "")
    {
        string? root = scriptFile.Length > 0 ? Path.GetDirectoryName(scriptFile) : null;
        foreach (PipelineSyntax pipeline in ScriptParser.Parse(text, root))
        {
            if (IsExit(pipeline))
            {
                Exit(pipeline);
                return false;
            }

            StatementOutcome outcome = Run(pipeline, scriptFile);
            if (outcome is StatementOutcome.Stopped or StatementOutcome.ScriptFailed)
            {
                _exitCode = outcome == StatementOutcome.Stopped ? 130 : 1;
                return false;
            }
        }

        return true;
    }

    /// <summary>Writes an error that is no command's.</summary>
    public void Report(ErrorRecord error) => _output.WriteError(error);

    /// <summary>Stops the running pipeline. Called on another thread.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Stop()
    {
        Pipeline? running = _running;
        running?.Stop();
        return running is not null;
    }

    private StatementOutcome Run(PipelineSyntax syntax, string scriptFile)
    {
        using Pipeline pipeline = new(_output);
        _running = pipeline;
        try
        {
            return pipeline.Run(syntax, Commands, _sessionState, scriptFile);
        }
        finally
        {
            _running = null;
            _output.EndPipeline();
        }
    }

    private static bool IsExit(PipelineSyntax pipeline) =>
        string.Equals(pipeline.Commands[0].Name, ExitKeyword, StringComparison.OrdinalIgnoreCase);

    private void Exit(PipelineSyntax pipeline)
    {
        CommandSyntax exit = pipeline.Commands[0];
        bool isPlain = pipeline.Commands.Count == 1
            && exit.Elements.Count <= 1
            && exit.Elements.All(element => element.Value is NumberLiteral { Value: int });
        if (!isPlain)
        {
            throw new ScriptSyntaxException(exit.Position, "'exit' takes a whole number or nothing.");
        }

        HasExited = true;
        _exitCode = exit.Elements is [{ Value: NumberLiteral number }] ? (int)number.Value : null;
    }
}
