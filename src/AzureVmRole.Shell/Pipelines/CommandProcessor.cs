using System.Management.Automation;
using AzureVmRole.Shell.Binding;
using AzureVmRole.Shell.Commands;
using AzureVmRole.Shell.Parsing;

namespace AzureVmRole.Shell.Pipelines;

/// <summary>One cmdlet of a running pipeline: created, bound, fed, ended, disposed of.</summary>
internal sealed class CommandProcessor : IDisposable
{
    private readonly Pipeline _pipeline;
    private readonly CommandSyntax _syntax;
    private readonly InvocationInfo _invocation;
    private readonly ParameterBinder _binder;
    private readonly bool _expectsInput;

    public CommandProcessor(
        Pipeline pipeline,
        CommandSyntax syntax,
        InvocationInfo invocation,
        CommandDescription description,
        SessionState sessionState,
        CommandTable commands,
        Action<object?> next)
    {
        _pipeline = pipeline;
        _syntax = syntax;
        _invocation = invocation;
        _expectsInput = invocation.ExpectingInput;
        Cmdlet = (Cmdlet)(Activator.CreateInstance(description.Type)
            ?? throw new PSInvalidOperationException($"The class {description.Type} has no constructor without arguments."));
        _binder = new ParameterBinder(description, Cmdlet, invocation, sessionState);
        Cmdlet.CommandRuntime = new CommandRuntime(pipeline, invocation, description, _binder, next);
        (Cmdlet as PSCmdlet)?.SetSession(sessionState, invocation);
        if (Cmdlet is CommandAwareCmdlet aware)
        {
            aware.Commands = commands;
        }
    }

    public Cmdlet Cmdlet { get; }

    public void Begin() => Guard(() =>
    {
        _binder.BindCommandLine(_syntax.Elements, _expectsInput);
        Cmdlet.DoBeginProcessing();
    });

    public void ProcessWithoutInput() => Guard(Cmdlet.DoProcessRecord);

    public void Process(object? input) => Guard(() =>
    {
        try
        {
            _binder.BindPipelineObject(input);
        }
        catch (ParameterBindingException error)
        {
            Cmdlet.WriteError(new ErrorRecord(error.ErrorRecord, error));
            return;
        }

        Cmdlet.DoProcessRecord();
    });

    public void End() => Guard(Cmdlet.DoEndProcessing);

    public void Dispose() => (Cmdlet as IDisposable)?.Dispose();

    /// <summary>
    /// Runs code of the cmdlet. An error of it is kept with the pipeline, and the commands before it see a pipeline
    /// that was stopped, not somebody else's error.
    /// </summary>
    private void Guard(Action action)
    {
        try
        {
            action();
        }
        catch (PipelineStoppedException)
        {
            throw;
        }
        catch (Exception error)
        {
            ErrorRecord record = error is IContainsErrorRecord container
                ? container.ErrorRecord
                : new ErrorRecord(error, error.GetType().FullName ?? "", ErrorCategory.NotSpecified, targetObject: null);
            record.SetInvocationInfo(_invocation);
            _pipeline.Fail(record, endsScript: error is ActionPreferenceStopException);
            throw new PipelineStoppedException();
        }
    }
}
