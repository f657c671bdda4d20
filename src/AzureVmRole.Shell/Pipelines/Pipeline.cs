using System.Management.Automation;
using AzureVmRole.Shell.Commands;
using AzureVmRole.Shell.Parsing;

namespace AzureVmRole.Shell.Pipelines;

/// <summary>
/// A running pipeline. Objects stream: each is taken through all commands before the next is made. All of it runs on
/// one thread; only <see cref="Stop"/> is called from another.
/// </summary>
internal sealed class Pipeline : IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<CommandProcessor> _processors = [];
    private ErrorRecord? _failure;
    private bool _endsScript;
    private volatile bool _isStopping;

    public Pipeline(IPipelineOutput output)
    {
        Output = output;
    }

    public IPipelineOutput Output { get; }

    /// <summary>Runs the pipeline to its end.</summary>
    public StatementOutcome Run(
        PipelineSyntax syntax, CommandTable commands, SessionState sessionState, string scriptName)
    {
        try
        {
            Create(syntax, commands, sessionState, scriptName);
            RunCommands();
        }
        catch (PipelineStoppedException)
        {
            // Either the user stopped the pipeline, or a command failed and left its error.
        }
        catch (CommandNotFoundException error)
        {
            Fail(error.ErrorRecord, endsScript: false);
        }

        if (_isStopping)
        {
            return StatementOutcome.Stopped;
        }

        if (_failure is null)
        {
            return StatementOutcome.Completed;
        }

        Output.WriteError(_failure);
        return _endsScript ? StatementOutcome.ScriptFailed : StatementOutcome.Failed;
    }

    /// <summary>Tells the running cmdlets to stop. Called on another thread; does not wait.</summary>
    public void Stop()
    {
        // Under the gate, so that no cmdlet is disposed of meanwhile.
        lock (_gate)
        {
            if (_isStopping)
            {
                return;
            }

            _isStopping = true;
            foreach (CommandProcessor processor in _processors)
            {
                processor.Cmdlet.DoStopProcessing();
            }
        }
    }

    public void ThrowIfStopping()
    {
        if (_isStopping)
        {
            throw new PipelineStoppedException();
        }
    }

    /// <summary>Keeps the error that ends the pipeline; the first one counts.</summary>
    public void Fail(ErrorRecord error, bool endsScript)
    {
        if (_failure is null)
        {
            _failure = error;
            _endsScript = endsScript;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (CommandProcessor processor in _processors)
            {
                processor.Dispose();
            }

            _processors.Clear();
        }
    }

    private void Create(PipelineSyntax syntax, CommandTable commands, SessionState sessionState, string scriptName)
    {
        Action<object?> next = Output.WriteObject;
        for (int index = syntax.Commands.Count - 1; index >= 0; index--)
        {
            CommandSyntax command = HelpInstead(syntax.Commands[index]);
            CmdletInfo info = commands.Find(command.Name);
            InvocationInfo invocation = new(info)
            {
                InvocationName = command.Name,
                Line = syntax.Text,
                ScriptLineNumber = command.Position.Line,
                OffsetInLine = command.Position.Column,
                ScriptName = scriptName,
                PipelineLength = syntax.Commands.Count,
                PipelinePosition = index + 1,
            };
            CommandProcessor processor = new(
                this, command, invocation, commands.Describe(info), sessionState, commands, next);
            lock (_gate)
            {
                _processors.Insert(0, processor);
            }

            next = processor.Process;
        }
    }

    // '-?' shows the help of a command in its place.
    private static CommandSyntax HelpInstead(CommandSyntax command) =>
        command.Elements.Any(element => element.ParameterName is "?")
            ? new CommandSyntax(
                "Get-Help",
                [new CommandElement(ParameterName: null, HasValue: true, command.Name, command.Position)],
                command.Position)
            : command;

    private void RunCommands()
    {
        int first = 0;
        try
        {
            foreach (CommandProcessor processor in _processors)
            {
                ThrowIfStopping();
                processor.Begin();
            }

            _processors[0].ProcessWithoutInput();
        }
        catch (UpstreamStoppedException stopped)
        {
            first = IndexOf(stopped.Requester);
        }

        for (int index = first; index < _processors.Count; index++)
        {
            try
            {
                ThrowIfStopping();
                _processors[index].End();
            }
            catch (UpstreamStoppedException stopped)
            {
                index = IndexOf(stopped.Requester) - 1;
            }
        }
    }

    private int IndexOf(Cmdlet cmdlet) => _processors.FindIndex(processor => ReferenceEquals(processor.Cmdlet, cmdlet));
}
