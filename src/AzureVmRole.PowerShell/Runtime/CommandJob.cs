using System.Collections;
using System.Management.Automation;

namespace AzureVmRole.PowerShell.Runtime;

/// <summary>
/// A job whose work is a command's: what -AsJob starts. It keeps what the work writes until Receive-Job takes it, the verbose stream included,
/// which Receive-Job -Verbose shows.
/// </summary>
internal sealed class CommandJob : Job, ICommandStreams
{
    /// <summary>How many verbose messages are kept that nobody has received: the last ones.</summary>
    public const int MostVerbose = 10_000;

    private readonly Type _type;
    private readonly Action _stop;
    private volatile string _status = "";
    private volatile Thread? _thread;

    /// <summary>Makes a job that has not started.</summary>
    /// <param name="command">The command's name.</param>
    /// <param name="type">The command's class, which the identifiers of errors name.</param>
    /// <param name="stop">Asks the work to stop, and returns at once; called any number of times.</param>
    public CommandJob(string command, Type type, Action stop)
        : base(command)
    {
        _type = type;
        _stop = stop;
        PSJobTypeName = "AzureVmRoleJob";

        // Who looks at them while the job runs sees what is there, and does not wait for its end.
        Output.EnumeratorNeverBlocks = Error.EnumeratorNeverBlocks = Warning.EnumeratorNeverBlocks = true;
        Verbose.EnumeratorNeverBlocks = Progress.EnumeratorNeverBlocks = true;
    }

    /// <inheritdoc/>
    public override bool HasMoreData => Output.Count + Error.Count + Warning.Count + Verbose.Count > 0;

    /// <inheritdoc/>
    public override string Location => "localhost";

    /// <summary>The step that the work is in.</summary>
    public override string StatusMessage => _status;

    /// <summary>Does the work on a thread of its own, and returns at once.</summary>
    /// <param name="work">Ends with a <see cref="PipelineStoppedException"/> when it was stopped.</param>
    public void Start(Action work)
    {
        SetJobState(JobState.Running);
        _thread = new Thread(() => RunToEnd(work)) { IsBackground = true, Name = "AzureVmRole job" };
        _thread.Start();
    }

    /// <summary>Stops the work; it has ended when this returns.</summary>
    public override void StopJob()
    {
        _stop();

        // Receive-Job -AutoRemoveJob disposes of the job on the job's own thread, when that tells that it has ended.
        if (_thread is not null && _thread != Thread.CurrentThread)
        {
            Finished?.WaitOne();
        }
    }

    public void WriteObject(object value) => Output.Add(PSObject.AsPSObject(value));

    // A pipeline would add the class to the identifier, and the command's name.
    public void WriteError(ErrorRecord error)
    {
        var named = new ErrorRecord(error.Exception, $"{error.FullyQualifiedErrorId},{_type.FullName}", error.CategoryInfo.Category, error.TargetObject) { ErrorDetails = error.ErrorDetails };
        named.CategoryInfo.Activity = Command;
        Error.Add(named);
    }

    public void WriteWarning(string text) => Warning.Add(new WarningRecord(text));

    public void WriteLastWarning(string text) => WriteWarning(text);

    public void WriteVerbose(string text)
    {
        // A guest may write to its console for hours, and nobody receive it.
        lock (((ICollection)Verbose).SyncRoot)
        {
            while (Verbose.Count >= MostVerbose)
            {
                Verbose.RemoveAt(0);
            }
        }

        Verbose.Add(new VerboseRecord(text));
    }

    public void WriteProgress(ProgressRecord progress)
    {
        // Whoever looks wants to know how far it is, not how far it was.
        Progress.Clear();
        Progress.Add(progress);
        _status = progress.RecordType == ProgressRecordType.Completed ? "" : progress.StatusDescription;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            StopJob();
        }

        base.Dispose(disposing);
    }

    private void RunToEnd(Action work)
    {
        JobState state;
        try
        {
            state = Run(work);
        }
#pragma warning disable CA1031 // Whoever listens to the error stream may have thrown; a job that never ends would be worse.
        catch (Exception)
#pragma warning restore CA1031
        {
            state = JobState.Failed;
        }

        SetJobState(state);
    }

    private JobState Run(Action work)
    {
        try
        {
            work();
            return JobState.Completed;
        }
        catch (PipelineStoppedException)
        {
            return JobState.Stopped;
        }
#pragma warning disable CA1031 // Nobody else would hear of it.
        catch (Exception error)
#pragma warning restore CA1031
        {
            WriteError(ErrorRecords.FromDefect(error, Command));
            return JobState.Failed;
        }
    }
}
