namespace System.Management.Automation;

/// <summary>What a cmdlet writes to and asks. PowerShell's interface without host and transactions.</summary>
public interface ICommandRuntime
{
    /// <summary>Writes a message for who asked with -Debug.</summary>
    void WriteDebug(string text);

    /// <summary>Writes an error.</summary>
    void WriteError(ErrorRecord errorRecord);

    /// <summary>Writes an object.</summary>
    void WriteObject(object? sendToPipeline);

    /// <summary>Writes an object, or each element of a collection.</summary>
    void WriteObject(object? sendToPipeline, bool enumerateCollection);

    /// <summary>Shows progress.</summary>
    void WriteProgress(ProgressRecord progressRecord);

    /// <summary>Shows progress of another source.</summary>
    void WriteProgress(long sourceId, ProgressRecord progressRecord);

    /// <summary>Writes a message for who asked with -Verbose.</summary>
    void WriteVerbose(string text);

    /// <summary>Writes a warning.</summary>
    void WriteWarning(string text);

    /// <summary>Writes a detail for the command log.</summary>
    void WriteCommandDetail(string text);

    /// <summary>Asks whether to act on a target.</summary>
    bool ShouldProcess(string? target);

    /// <summary>Asks whether to do an action to a target.</summary>
    bool ShouldProcess(string? target, string? action);

    /// <summary>Asks in the cmdlet's own words.</summary>
    bool ShouldProcess(string? verboseDescription, string? verboseWarning, string? caption);

    /// <summary>Asks in the cmdlet's own words and tells why not.</summary>
    bool ShouldProcess(
        string? verboseDescription,
        string? verboseWarning,
        string? caption,
        out ShouldProcessReason shouldProcessReason);

    /// <summary>Asks a second time.</summary>
    bool ShouldContinue(string? query, string? caption);

    /// <summary>Asks a second time and remembers an answer for all.</summary>
    bool ShouldContinue(string? query, string? caption, ref bool yesToAll, ref bool noToAll);

    /// <summary>Whether a transaction is open: never here.</summary>
    bool TransactionAvailable();

    /// <summary>Ends the pipeline with an error.</summary>
    [Diagnostics.CodeAnalysis.DoesNotReturn]
    void ThrowTerminatingError(ErrorRecord errorRecord);
}
