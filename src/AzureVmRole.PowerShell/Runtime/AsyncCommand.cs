using System.Collections.Concurrent;
using System.Management.Automation;
using System.Runtime.CompilerServices;

namespace AzureVmRole.PowerShell.Runtime;

/// <summary>
/// A command whose work is asynchronous. The pipeline thread decides (parameters, ShouldProcess), starts the work on the pool,
/// and then writes what the work posts: PowerShell allows its streams to this thread only.
/// </summary>
public abstract partial class AsyncCommand : AzureVmRoleCommand
{
    private const int QueueCapacity = 64;
    private readonly ConcurrentQueue<string> _lastWarnings = new();
    private ICommandStreams _streams;
    private BlockingCollection<Action>? _queue;
    private ProgressMeter? _meter;

    /// <summary>Creates the command with a log that nobody listens to before work runs.</summary>
    protected AsyncCommand()
    {
        _streams = new PipelineStreams(this);
        Log = new PostedLog(this);
    }

    /// <summary>Takes the progress of the work that is running.</summary>
    private protected IProgress<TransferProgress>? Progress => _meter;

    /// <summary>Takes what the work has to say: decisions for the verbose stream, warnings.</summary>
    private protected IOperationLog Log { get; }

    /// <summary>Does what <see cref="PrepareRecord"/> asks for, piece by piece.</summary>
    protected sealed override void ProcessRecord() => RunPieces(PrepareRecord);

    /// <summary>Does what <see cref="PrepareEnd"/> asks for, piece by piece, or starts the job that does all of it.</summary>
    protected sealed override void EndProcessing()
    {
        RunPieces(PrepareEnd);
        if (_forJob.Count > 0)
        {
            StartJob();
        }
    }

    /// <summary>
    /// Runs on the pipeline thread: checks the parameters, asks ShouldProcess and yields the work. Between two pieces the
    /// first has ended, so the second may build on what it found.
    /// </summary>
    private protected abstract IEnumerable<CommandWork> PrepareRecord();

    /// <summary>As <see cref="PrepareRecord"/>, once, when no more input comes; not when the pipeline is stopped.</summary>
    private protected virtual IEnumerable<CommandWork> PrepareEnd() => [];

    /// <summary>Writes an object from the work.</summary>
    private protected void PostObject(object value) => Post(() => _streams.WriteObject(value));

    /// <summary>Writes a warning from the work.</summary>
    private protected void PostWarning(string text) => Post(() => _streams.WriteWarning(text));

    /// <summary>Writes an error from the work, which goes on.</summary>
    private protected void PostError(AzureVmRoleException error) => Post(() => _streams.WriteError(ErrorRecords.From(error)));

    /// <summary>What PowerShell throws to stop a pipeline must reach it unchanged.</summary>
    private static bool IsFromPowerShell(Exception error) => error.GetType().Assembly == typeof(PSCmdlet).Assembly;

    // Posting takes the token: a full queue cannot hold a worker that was cancelled.
    private void Post(Action action) => _queue!.Add(action, StopToken);

    // A stopped command's streams are closed, and nobody may be left to empty the queue; what it still has to say goes to the host.
    private void PostLastWarning(string text)
    {
        if (StopToken.IsCancellationRequested)
        {
            _lastWarnings.Enqueue(text);
        }
        else
        {
            PostWarning(text);
        }
    }

    private void RunPieces(Func<IEnumerable<CommandWork>> prepare)
    {
        string? target = null;
        try
        {
            foreach (CommandWork work in prepare())
            {
                target = work.Target;
                if (IsForJob)
                {
                    _forJob.Add(work);
                }
                else
                {
                    RunPiece(work);
                }
            }
        }
        catch (AzureVmRoleException error)
        {
            WriteError(ErrorRecords.From(error));
        }
        catch (Exception error) when (!IsFromPowerShell(error))
        {
            // The command line would be a target, too, but it may hold a key.
            ThrowTerminatingError(ErrorRecords.FromDefect(error, target ?? MyInvocation.MyCommand.Name));
        }
    }

    private void RunPiece(CommandWork work)
    {
        using var queue = new BlockingCollection<Action>(QueueCapacity);
        var meter = new ProgressMeter(TimeProvider.System);
        _queue = queue;
        _meter = meter;
        var worker = Task.Run(() => RunWorkerAsync(work, queue), CancellationToken.None);
        try
        {
            Drain(queue, meter);
        }
        catch
        {
            // The pipeline stopped under a write. The queue may only go when nobody can post to it any more.
            CancelWork();
            ((IAsyncResult)worker).AsyncWaitHandle.WaitOne();
            _ = worker.Exception;
            throw;
        }
        finally
        {
            while (_lastWarnings.TryDequeue(out string? text))
            {
                _streams.WriteLastWarning(text);
            }
        }

        Finish(worker);
    }

    private async Task RunWorkerAsync(CommandWork work, BlockingCollection<Action> queue)
    {
        try
        {
            await work.RunAsync(StopToken).ConfigureAwait(false);
        }
        finally
        {
            queue.CompleteAdding();
        }
    }

    private void Drain(BlockingCollection<Action> queue, ProgressMeter meter)
    {
        while (!queue.IsCompleted)
        {
            if (queue.TryTake(out Action? action, ProgressMeter.Interval))
            {
                action();
            }

            if (meter.TrySample(out ProgressSample sample))
            {
                _streams.WriteProgress(RecordOf(sample, ProgressRecordType.Processing));
            }
        }

        if (meter.HasSampled)
        {
            _streams.WriteProgress(RecordOf(meter.Last, ProgressRecordType.Completed));
        }
    }

    private void Finish(Task worker)
    {
        try
        {
            worker.GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (StopToken.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
        catch (AzureVmRoleException error)
        {
            _streams.WriteError(ErrorRecords.From(error));
        }
    }

    // The id is the command's own: two commands of one pipeline show two bars.
    private ProgressRecord RecordOf(ProgressSample sample, ProgressRecordType type) =>
        new(RuntimeHelpers.GetHashCode(this), sample.Activity, sample.Status)
        {
            PercentComplete = sample.PercentComplete,
            SecondsRemaining = sample.SecondsRemaining,
            RecordType = type,
        };

    private sealed class PostedLog(AsyncCommand command) : IOperationLog
    {
        public void WriteDecision(string text) => command.Post(() => command._streams.WriteVerbose(text));

        public void WriteWarning(string text) => command.PostLastWarning(text);
    }
}
