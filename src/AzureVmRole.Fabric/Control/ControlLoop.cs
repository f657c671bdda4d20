using System.Net;
using AzureVmRole.Fabric.Operations;
using AzureVmRole.Fabric.Resources;
using AzureVmRole.Fabric.State;

namespace AzureVmRole.Fabric.Control;

/// <summary>
/// Works through the queue: a bounded number of resources at once, each by the controller of its type and with a deadline. A controller that throws is
/// called again, later each time, and holds up no other resource. Begins with everything that is not yet as it was asked for, and looks
/// for such resources again from time to time.
/// </summary>
internal sealed partial class ControlLoop : IAsyncDisposable
{
    /// <summary>After so many failures in a row the operations on a resource end as failed.</summary>
    public const int MostFailures = 6;

    /// <summary>How often the loop looks for resources that nobody asked it to look at.</summary>
    public static readonly TimeSpan ResyncInterval = TimeSpan.FromMinutes(1);

    /// <summary>How long ended operations and the ids of requests are kept.</summary>
    public static readonly TimeSpan Retention = TimeSpan.FromHours(24);

    private readonly WorkQueue _queue;
    private readonly Dictionary<ResourceType, IResourceController> _controllers;
    private readonly FabricDatabase _database;
    private readonly OperationBoard _operations;
    private readonly FabricOptions _options;
    private readonly TimeProvider _clock;
    private readonly IFabricLog _log;
    private readonly BackOff _backOff;
    private readonly Reminders _reminders;
    private readonly PeriodicTimer _resyncTimer;
    private readonly CancellationTokenSource _taking = new();
    private readonly CancellationTokenSource _working = new();

    public ControlLoop(FabricParts parts, IEnumerable<IResourceController> controllers, Func<double> random)
    {
        _queue = parts.Queue;
        _controllers = controllers.ToDictionary(controller => controller.Type);
        _database = parts.Database;
        _operations = parts.Operations;
        _options = parts.Options;
        _clock = parts.Clock;
        _log = parts.Log;
        _backOff = new BackOff(random);
        _reminders = new Reminders(_queue, _clock);
        _resyncTimer = new PeriodicTimer(ResyncInterval, _clock);
    }

    /// <summary>Told of each resource after its controller has looked at it without failing; returns at once.</summary>
    public Action<ResourceId>? Looked { get; set; }

    /// <summary>Ends when the loop was stopped; fails when the loop itself fails, which nothing short of a fault in it brings about.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    /// <summary>Begins, with every resource that is not yet as it was asked for. Call once.</summary>
    public void Start()
    {
        Resync();
        IEnumerable<Task> workers = Enumerable.Range(0, _options.Parallelism).Select(_ => Task.Run(WorkAsync));
        Completion = Task.WhenAll([.. workers, Task.Run(ResyncAsync)]);
    }

    /// <summary>Takes nothing more from the queue, and waits for what is being worked on.</summary>
    /// <param name="longest">After this time the controllers at work are told to end.</param>
    public async Task StopAsync(TimeSpan longest)
    {
        using var patience = new CancellationTokenSource(longest, _clock);
        using CancellationTokenRegistration impatience = patience.Token.Register(_working.Cancel);
        await _taking.CancelAsync().ConfigureAwait(false);
        await Completion.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _taking.CancelAsync().ConfigureAwait(false);
        await _working.CancelAsync().ConfigureAwait(false);
        // A failure of the loop was seen by whoever watches Completion.
        await Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _reminders.Dispose();
        _resyncTimer.Dispose();
        _taking.Dispose();
        _working.Dispose();
    }

    private async Task WorkAsync()
    {
        while (!_taking.IsCancellationRequested)
        {
            ResourceId id;
            try
            {
                id = await _queue.TakeAsync(_taking.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_taking.IsCancellationRequested)
            {
                return;
            }

            try
            {
                await LookAsync(id).ConfigureAwait(false);
            }
            finally
            {
                _queue.Done(id);
            }
        }
    }

    private async Task LookAsync(ResourceId id)
    {
        _reminders.Clear(id);
        if (!_controllers.TryGetValue(id.Type, out IResourceController? controller))
        {
            return;
        }

        using var deadline = new CancellationTokenSource(_options.ActionDeadline, _clock);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, _working.Token);
        try
        {
            TimeSpan? again = await controller.ReconcileAsync(id, ending.Token).ConfigureAwait(false);
            _backOff.Succeed(id);
            if (again is { } delay)
            {
                _reminders.Set(id, delay);
            }

            Looked?.Invoke(id);
        }
        catch (OperationCanceledException) when (_working.IsCancellationRequested)
        {
            // The fabric stops; what was begun is taken up at the next start.
        }
        catch (Exception exception)
        {
            NoteFailure(id, exception is OperationCanceledException && deadline.IsCancellationRequested ? TookTooLong(id) : exception);
        }
    }

    private FabricException TookTooLong(ResourceId id) => new(
        HttpStatusCode.InternalServerError, "OperationTimedOut", id.Name,
        $"The work on the {id.Type.Name} '{id.Name}' did not end within {_options.ActionDeadline.TotalSeconds:0} seconds.",
        "See in the fabric's log what it waited for, then repeat the request.");

    private async Task ResyncAsync()
    {
        try
        {
            while (await _resyncTimer.WaitForNextTickAsync(_taking.Token).ConfigureAwait(false))
            {
                try
                {
                    Resync();
                }
                catch (FabricException exception)
                {
                    _log.WriteWarning("The fabric's database could not be searched for unfinished work; it is tried again in a minute.", exception);
                }
            }
        }
        catch (OperationCanceledException) when (_taking.IsCancellationRequested)
        {
            // The loop was stopped.
        }
    }

    private void Resync()
    {
        foreach (ResourceId id in _database.Read(table => table.ListUnsettled()))
        {
            if (!_reminders.Has(id))
            {
                _queue.Add(id);
            }
        }

        _database.Change(table =>
        {
            table.RemoveEndedBefore(_clock.GetUtcNow() - Retention);
            return true;
        });
    }
}
