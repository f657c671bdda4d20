using System.Management.Automation;

namespace AzureVmRole.Shell.Pipelines;

internal sealed partial class CommandRuntime
{
    private const string Caption = "Confirm";

    private bool _yesToAll;
    private bool _noToAll;

    public bool ShouldProcess(string? target) => ShouldProcess(target, _invocation.MyCommand.Name);

    public bool ShouldProcess(string? target, string? action)
    {
        string description = $"Performing the operation \"{action}\" on target \"{target}\".";
        return Decide(description, $"Are you sure you want to perform this action?\n{description}", Caption, out _);
    }

    public bool ShouldProcess(string? verboseDescription, string? verboseWarning, string? caption) =>
        Decide(verboseDescription ?? "", verboseWarning ?? "", caption ?? Caption, out _);

    public bool ShouldProcess(
        string? verboseDescription,
        string? verboseWarning,
        string? caption,
        out ShouldProcessReason shouldProcessReason) =>
        Decide(verboseDescription ?? "", verboseWarning ?? "", caption ?? Caption, out shouldProcessReason);

    public bool ShouldContinue(string? query, string? caption)
    {
        _pipeline.ThrowIfStopping();
        return Ask(caption, query, offersAll: false) == ConfirmAnswer.Yes;
    }

    public bool ShouldContinue(string? query, string? caption, ref bool yesToAll, ref bool noToAll)
    {
        _pipeline.ThrowIfStopping();
        if (yesToAll || noToAll)
        {
            return yesToAll;
        }

        ConfirmAnswer answer = Ask(caption, query, offersAll: true);
        yesToAll = answer == ConfirmAnswer.YesToAll;
        noToAll = answer == ConfirmAnswer.NoToAll;
        return answer is ConfirmAnswer.Yes or ConfirmAnswer.YesToAll;
    }

    public bool ShouldContinue(
        string? query, string? caption, bool hasSecurityImpact, ref bool yesToAll, ref bool noToAll) =>
        ShouldContinue(query, caption, ref yesToAll, ref noToAll);

    private bool Decide(string description, string question, string caption, out ShouldProcessReason reason)
    {
        _pipeline.ThrowIfStopping();
        reason = ShouldProcessReason.None;
        if (_shouldProcess.WhatIf)
        {
            reason = ShouldProcessReason.WhatIf;
            Output.WriteMessage(MessageKind.WhatIf, description);
            return false;
        }

        // $ConfirmPreference is High unless a profile changes it, and the shell has none.
        bool asks = _shouldProcess.Confirm is { } confirm
            ? confirm.IsPresent
            : _description.ConfirmImpact == ConfirmImpact.High;
        if (!asks || _yesToAll)
        {
            WriteVerbose(description);
            return true;
        }

        if (_noToAll)
        {
            return false;
        }

        ConfirmAnswer answer = Ask(caption, question, offersAll: true);
        _yesToAll = answer == ConfirmAnswer.YesToAll;
        _noToAll = answer == ConfirmAnswer.NoToAll;
        return answer is ConfirmAnswer.Yes or ConfirmAnswer.YesToAll;
    }

    private ConfirmAnswer Ask(string? caption, string? question, bool offersAll)
    {
        try
        {
            return Output.Ask(caption ?? Caption, question ?? "", offersAll);
        }
        catch (PipelineStoppedException)
        {
            // Ctrl-C was the answer: it means the whole pipeline.
            _pipeline.Stop();
            throw;
        }
        catch (PSInvalidOperationException error)
        {
            ErrorRecord record = new(error, "ConfirmationNotPossible", ErrorCategory.InvalidOperation, question)
            {
                ErrorDetails = new ErrorDetails(error.Message)
                {
                    RecommendedAction = _shouldProcess.Confirm is null && _description.SupportsShouldProcess
                        ? "Pass -Confirm:$false, or -Force where the command has it, to go on without being asked."
                        : "Run the command where somebody can answer, or pass -Force where it has it.",
                },
            };
            ThrowTerminatingError(record);
            throw;
        }
    }
}
