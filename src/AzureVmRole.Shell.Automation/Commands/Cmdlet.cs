using System.Management.Automation.Internal;

namespace System.Management.Automation;

/// <summary>Base of a cmdlet: its three steps and the streams it writes to.</summary>
public abstract class Cmdlet : InternalCommand
{
    private ICommandRuntime? _commandRuntime;

    /// <summary>Whether the pipeline was told to stop.</summary>
    public bool Stopping { get; private set; }

    /// <summary>What receives all that the cmdlet writes and answers its questions.</summary>
    /// <exception cref="InvalidOperationException">No runtime was set.</exception>
    public ICommandRuntime CommandRuntime
    {
        get => _commandRuntime ?? throw new InvalidOperationException(
            "The cmdlet is not part of a pipeline: set CommandRuntime before it is used.");
        set => _commandRuntime = value;
    }

    /// <summary>Writes an error; the cmdlet goes on.</summary>
    public void WriteError(ErrorRecord errorRecord) => CommandRuntime.WriteError(errorRecord);

    /// <summary>Writes an object to the pipeline.</summary>
    public void WriteObject(object? sendToPipeline) => CommandRuntime.WriteObject(sendToPipeline);

    /// <summary>Writes an object, or each element of a collection, to the pipeline.</summary>
    public void WriteObject(object? sendToPipeline, bool enumerateCollection) =>
        CommandRuntime.WriteObject(sendToPipeline, enumerateCollection);

    /// <summary>Writes a decision or a retry, for who asked with -Verbose.</summary>
    public void WriteVerbose(string text) => CommandRuntime.WriteVerbose(text);

    /// <summary>Writes what the user should act on.</summary>
    public void WriteWarning(string text) => CommandRuntime.WriteWarning(text);

    /// <summary>Writes what a developer wants to know, for who asked with -Debug.</summary>
    public void WriteDebug(string text) => CommandRuntime.WriteDebug(text);

    /// <summary>Writes a detail for the command log; the built-in shell keeps none.</summary>
    public void WriteCommandDetail(string text) => CommandRuntime.WriteCommandDetail(text);

    /// <summary>Shows how far the cmdlet has come.</summary>
    public void WriteProgress(ProgressRecord progressRecord) => CommandRuntime.WriteProgress(progressRecord);

    /// <summary>Writes a message with tags.</summary>
    public void WriteInformation(object messageData, string[]? tags)
    {
        InformationRecord record = new(messageData, GetType().Name);
        record.Tags.AddRange(tags ?? []);
        WriteInformation(record);
    }

    /// <summary>Writes a message.</summary>
    public void WriteInformation(InformationRecord informationRecord)
    {
        if (CommandRuntime is ICommandRuntime2 runtime)
        {
            runtime.WriteInformation(informationRecord);
        }
    }

    /// <summary>Asks whether to act on <paramref name="target"/>: -WhatIf and -Confirm decide.</summary>
    public bool ShouldProcess(string target) => CommandRuntime.ShouldProcess(target);

    /// <summary>Asks whether to do <paramref name="action"/> to <paramref name="target"/>.</summary>
    public bool ShouldProcess(string target, string action) => CommandRuntime.ShouldProcess(target, action);

    /// <summary>Asks in the cmdlet's own words whether to act.</summary>
    public bool ShouldProcess(string verboseDescription, string verboseWarning, string caption) =>
        CommandRuntime.ShouldProcess(verboseDescription, verboseWarning, caption);

    /// <summary>Asks in the cmdlet's own words whether to act, and tells why not.</summary>
    public bool ShouldProcess(
        string verboseDescription,
        string verboseWarning,
        string caption,
        out ShouldProcessReason shouldProcessReason) =>
        CommandRuntime.ShouldProcess(verboseDescription, verboseWarning, caption, out shouldProcessReason);

    /// <summary>Asks a second time, whatever -Confirm says.</summary>
    public bool ShouldContinue(string query, string caption) => CommandRuntime.ShouldContinue(query, caption);

    /// <summary>Asks a second time and remembers an answer for all.</summary>
    public bool ShouldContinue(string query, string caption, ref bool yesToAll, ref bool noToAll) =>
        CommandRuntime.ShouldContinue(query, caption, ref yesToAll, ref noToAll);

    /// <summary>Asks a second time and remembers an answer for all; a security question has no default answer.</summary>
    public bool ShouldContinue(
        string query, string caption, bool hasSecurityImpact, ref bool yesToAll, ref bool noToAll) =>
        CommandRuntime is ICommandRuntime2 runtime
            ? runtime.ShouldContinue(query, caption, hasSecurityImpact, ref yesToAll, ref noToAll)
            : CommandRuntime.ShouldContinue(query, caption, ref yesToAll, ref noToAll);

    /// <summary>Ends the pipeline with an error.</summary>
    [Diagnostics.CodeAnalysis.DoesNotReturn]
    public void ThrowTerminatingError(ErrorRecord errorRecord)
    {
        CommandRuntime.ThrowTerminatingError(errorRecord);
        throw new PipelineStoppedException();
    }

    /// <summary>Called once before the first object.</summary>
    protected virtual void BeginProcessing()
    {
    }

    /// <summary>Called for every object from the pipeline, or once when there is none.</summary>
    protected virtual void ProcessRecord()
    {
    }

    /// <summary>Called once after the last object.</summary>
    protected virtual void EndProcessing()
    {
    }

    /// <summary>Called on another thread when the pipeline is to stop.</summary>
    protected virtual void StopProcessing()
    {
    }

    internal void DoBeginProcessing() => BeginProcessing();

    internal void DoProcessRecord() => ProcessRecord();

    internal void DoEndProcessing() => EndProcessing();

    internal void DoStopProcessing()
    {
        Stopping = true;
        StopProcessing();
    }
}
