using System.Management.Automation;

namespace AzureVmRole.Shell.Pipelines;

/// <summary>Where a pipeline's streams go: the terminal, or a test's record.</summary>
internal interface IPipelineOutput
{
    /// <summary>Takes an object that the last command wrote.</summary>
    void WriteObject(object? value);

    /// <summary>Takes an error.</summary>
    void WriteError(ErrorRecord error);

    /// <summary>Takes a line of another stream.</summary>
    void WriteMessage(MessageKind kind, string text);

    /// <summary>Takes a progress record.</summary>
    void WriteProgress(ProgressRecord record);

    /// <summary>Asks the user to choose.</summary>
    /// <exception cref="PSInvalidOperationException">There is no user to ask.</exception>
    ConfirmAnswer Ask(string caption, string question, bool offersAll);
}
