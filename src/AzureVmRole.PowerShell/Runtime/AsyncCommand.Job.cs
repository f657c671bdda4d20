using System.Management.Automation;

namespace AzureVmRole.PowerShell.Runtime;

/// <content>-AsJob: the pipeline decides, a job does the work.</content>
public abstract partial class AsyncCommand
{
    private readonly List<CommandWork> _forJob = [];

    /// <summary>Whether the pipeline only decides, and a job does the work: for commands with -AsJob.</summary>
    private protected virtual bool IsForJob => false;

    private void StartJob()
    {
        // First, because a shell without jobs refuses it.
        JobRepository jobs = JobRepository;
        var job = new CommandJob(MyInvocation.MyCommand.Name, GetType(), CancelWork);
        HandOver();
        _streams = job;
        job.Start(RunForJob);
        jobs.Add(job);
        WriteObject(job);
    }

    private void RunForJob()
    {
        try
        {
            _forJob.ForEach(RunPiece);
        }
        finally
        {
            TakeBack();
        }
    }
}
