using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using AzureVmRole.Shell.Binding;

namespace AzureVmRole.Shell.Pipelines;

/// <summary>What one cmdlet of a running pipeline writes to and asks.</summary>
internal sealed partial class CommandRuntime : ICommandRuntime2
{
    private readonly Pipeline _pipeline;
    private readonly InvocationInfo _invocation;
    private readonly CommandDescription _description;
    private readonly CommonParameters _common;
    private readonly ShouldProcessParameters _shouldProcess;
    private readonly Action<object?> _next;

    public CommandRuntime(
        Pipeline pipeline,
        InvocationInfo invocation,
        CommandDescription description,
        ParameterBinder binder,
        Action<object?> next)
    {
        _pipeline = pipeline;
        _invocation = invocation;
        _description = description;
        _common = binder.Common;
        _shouldProcess = binder.ShouldProcess;
        _next = next;
    }

    private IPipelineOutput Output => _pipeline.Output;

    public void WriteObject(object? sendToPipeline)
    {
        _pipeline.ThrowIfStopping();
        _next(sendToPipeline);
    }

    public void WriteObject(object? sendToPipeline, bool enumerateCollection)
    {
        if (!enumerateCollection || LanguagePrimitives.GetEnumerable(sendToPipeline) is not { } elements)
        {
            WriteObject(sendToPipeline);
            return;
        }

        foreach (object? element in elements)
        {
            WriteObject(element);
        }
    }

    public void WriteError(ErrorRecord errorRecord)
    {
        _pipeline.ThrowIfStopping();
        errorRecord.SetInvocationInfo(_invocation);
        switch (_common.ErrorAction)
        {
            case ActionPreference.Continue:
                Output.WriteError(errorRecord);
                break;
            case ActionPreference.Stop:
                throw new ActionPreferenceStopException(errorRecord);
        }
    }

    [DoesNotReturn]
    public void ThrowTerminatingError(ErrorRecord errorRecord)
    {
        errorRecord.SetInvocationInfo(_invocation);
        throw new CmdletInvocationException(errorRecord);
    }

    public void WriteWarning(string text) => WriteMessage(MessageKind.Warning, text, _common.WarningAction);

    public void WriteVerbose(string text) =>
        WriteMessage(MessageKind.Verbose, text, _common.Verbose ? ActionPreference.Continue : ActionPreference.Ignore);

    public void WriteDebug(string text) =>
        WriteMessage(MessageKind.Debug, text, _common.Debug ? ActionPreference.Continue : ActionPreference.Ignore);

    public void WriteCommandDetail(string text) => _pipeline.ThrowIfStopping();

    public void WriteInformation(InformationRecord informationRecord)
    {
        bool isForHost = informationRecord.Tags.Contains("PSHOST");
        WriteMessage(
            MessageKind.Host,
            informationRecord.ToString(),
            isForHost ? ActionPreference.Continue : _common.InformationAction);
    }

    public void WriteProgress(ProgressRecord progressRecord)
    {
        _pipeline.ThrowIfStopping();
        if (_common.ProgressAction == ActionPreference.Continue)
        {
            Output.WriteProgress(progressRecord);
        }
    }

    public void WriteProgress(long sourceId, ProgressRecord progressRecord) => WriteProgress(progressRecord);

    public bool TransactionAvailable() => false;

    private void WriteMessage(MessageKind kind, string text, ActionPreference preference)
    {
        _pipeline.ThrowIfStopping();
        switch (preference)
        {
            case ActionPreference.Continue:
                Output.WriteMessage(kind, text);
                break;
            case ActionPreference.Stop:
                ErrorRecord error = new(
                    new PSInvalidOperationException(
                        $"The running command stopped because the preference variable \"{kind}Preference\" or common parameter is "
                        + $"set to Stop: {text}"),
                    "ActionPreferenceStop",
                    ErrorCategory.OperationStopped,
                    text);
                error.SetInvocationInfo(_invocation);
                throw new ActionPreferenceStopException(error);
        }
    }
}
