using System.Management.Automation;

namespace AzureVmRole.PowerShell.Runtime;

/// <summary>The streams of the pipeline that a command is part of. They are the pipeline thread's.</summary>
internal sealed class PipelineStreams(PSCmdlet command) : ICommandStreams
{
    public void WriteObject(object value) => command.WriteObject(value);

    public void WriteError(ErrorRecord error) => command.WriteError(error);

    public void WriteWarning(string text) => command.WriteWarning(text);

    // The streams of a pipeline that stops are closed; its host listens still.
    public void WriteLastWarning(string text) => command.Host?.UI?.WriteWarningLine(text);

    public void WriteVerbose(string text) => command.WriteVerbose(text);

    public void WriteProgress(ProgressRecord progress) => command.WriteProgress(progress);
}
