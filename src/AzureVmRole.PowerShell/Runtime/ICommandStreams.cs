using System.Management.Automation;

namespace AzureVmRole.PowerShell.Runtime;

/// <summary>Where a command's work writes: the pipeline, or a job.</summary>
internal interface ICommandStreams
{
    /// <summary>Writes a result.</summary>
    void WriteObject(object value);

    /// <summary>Writes an error, after which the work goes on or has ended.</summary>
    void WriteError(ErrorRecord error);

    /// <summary>Writes what the user should act on.</summary>
    void WriteWarning(string text);

    /// <summary>Writes a warning of work that was stopped.</summary>
    void WriteLastWarning(string text);

    /// <summary>Writes a decision or a retry.</summary>
    void WriteVerbose(string text);

    /// <summary>Shows how far the work has come.</summary>
    void WriteProgress(ProgressRecord progress);
}
