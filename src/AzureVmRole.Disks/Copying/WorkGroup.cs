using System.Runtime.ExceptionServices;

namespace AzureVmRole.Disks.Copying;

/// <summary>Pieces of work that run side by side. The first that fails ends the others, and is what the group fails with.</summary>
public sealed class WorkGroup : IDisposable
{
    private readonly CancellationTokenSource _stop;
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ExceptionDispatchInfo? _failure;
    private int _running = 1;

    private WorkGroup(CancellationToken cancellationToken) =>
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

    /// <summary>Cancelled when a piece has failed, or the caller gave up.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>Runs what starts the pieces, and waits for all of them.</summary>
    public static async Task RunAsync(Func<WorkGroup, Task> produce, CancellationToken cancellationToken)
    {
        using var group = new WorkGroup(cancellationToken);
        group._running++;
        await group.RunPieceAsync(_ => produce(group)).ConfigureAwait(false);
        group.End();
        await group._done.Task.ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        group._failure?.Throw();
    }

    /// <summary>Starts a piece. How many run at once is for the pieces to see to: each waits for a buffer or a place.</summary>
    public void Start(Func<CancellationToken, Task> piece)
    {
        Interlocked.Increment(ref _running);
        _ = Task.Run(() => RunPieceAsync(piece), CancellationToken.None);
    }

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    private async Task RunPieceAsync(Func<CancellationToken, Task> piece)
    {
        try
        {
            await piece(_stop.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // Whatever it is, the caller gets it: nothing is swallowed here, only carried over.
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(exception), null);
            await _stop.CancelAsync().ConfigureAwait(false);
        }
        finally
        {
            End();
        }
    }

    private void End()
    {
        if (Interlocked.Decrement(ref _running) == 0)
        {
            _done.SetResult();
        }
    }
}
