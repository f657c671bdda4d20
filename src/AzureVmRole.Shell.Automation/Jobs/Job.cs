namespace System.Management.Automation;

/// <summary>Work that goes on after its command. The built-in shell has none; the type is here for the cmdlets that can start some elsewhere.</summary>
public abstract class Job(string command) : IDisposable
{
    private readonly ManualResetEvent _finished = new(initialState: false);

    /// <summary>The command whose work it is.</summary>
    public string Command { get; } = command;

    /// <summary>What started it.</summary>
    public string PSJobTypeName { get; protected set; } = "";

    /// <summary>Set when it has ended.</summary>
    public WaitHandle? Finished => _finished;

    /// <summary>Its results.</summary>
    public PSDataCollection<PSObject> Output { get; } = [];

    /// <summary>Its errors.</summary>
    public PSDataCollection<ErrorRecord> Error { get; } = [];

    /// <summary>What the user should act on.</summary>
    public PSDataCollection<WarningRecord> Warning { get; } = [];

    /// <summary>Its decisions.</summary>
    public PSDataCollection<VerboseRecord> Verbose { get; } = [];

    /// <summary>How far it is.</summary>
    public PSDataCollection<ProgressRecord> Progress { get; } = [];

    /// <summary>Whether nobody has received something yet.</summary>
    public abstract bool HasMoreData { get; }

    /// <summary>The machine that does it.</summary>
    public abstract string Location { get; }

    /// <summary>What it says of itself.</summary>
    public abstract string StatusMessage { get; }

    /// <summary>Stops it.</summary>
    public abstract void StopJob();

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees its handle.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            _finished.Dispose();
        }
    }

    /// <summary>Notes where it stands.</summary>
    protected void SetJobState(JobState state)
    {
        if (state is not (JobState.NotStarted or JobState.Running))
        {
            _finished.Set();
        }
    }
}
