namespace AzureVmRole.Engine.Storage.Publishing;

/// <summary>The lease that an upload holds on its blob, renewed until it is given back. A killed upload's lease ends by itself.</summary>
internal sealed class UploadLease : IAsyncDisposable
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RenewalPeriod = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ReleaseLimit = TimeSpan.FromSeconds(5);

    private readonly IBlobStore _store;
    private readonly BlobName _name;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _lost = new();
    private readonly Task _renewal;
    private long _renewed;
    private volatile bool _isEndless;

    private UploadLease(IBlobStore store, BlobName name, string id, TimeProvider clock)
    {
        _store = store;
        _name = name;
        Id = id;
        _clock = clock;
        _renewed = clock.GetTimestamp();
        _renewal = Task.Run(RenewAsync);
    }

    /// <summary>The lease's id.</summary>
    public string Id { get; }

    /// <summary>Cancelled when the lease is somebody else's.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Why it was lost.</summary>
    public TransferException? Loss { get; private set; }

    /// <summary>Takes the lease.</summary>
    public static async Task<UploadLease> TakeAsync(
        IBlobStore store, BlobName name, string id, BlobConditions conditions, TimeProvider clock, CancellationToken cancellationToken)
    {
        await store.AcquireLeaseAsync(name, id, Duration, conditions, cancellationToken).ConfigureAwait(false);
        return new UploadLease(store, name, id, clock);
    }

    /// <summary>
    /// Makes the lease endless: while a copy to a leased blob runs, the service takes no other ("Copy Blob", x-ms-lease-id: "this value
    /// must specify an active, infinite lease"). Should this process be killed meanwhile, its journal has the id.
    /// </summary>
    public Task ExtendAsync(CancellationToken cancellationToken)
    {
        // Before the request: its answer may be lost.
        _isEndless = true;
        return _store.AcquireLeaseAsync(_name, Id, duration: null, default, cancellationToken);
    }

    /// <summary>Makes the lease end by itself again.</summary>
    public async Task LimitAsync(CancellationToken cancellationToken)
    {
        await _store.AcquireLeaseAsync(_name, Id, Duration, default, cancellationToken).ConfigureAwait(false);
        _isEndless = false;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _renewal.ConfigureAwait(false);

        // A renewal that failed for another reason than somebody else's lease leaves an endless one to nobody but this process.
        if (_isEndless || !_lost.IsCancellationRequested)
        {
            await ReleaseAsync().ConfigureAwait(false);
        }

        _stop.Dispose();
        _lost.Dispose();
    }

    /// <summary>
    /// A lease that cannot be given back ends by itself, or the journal has its id, so nothing is waited for or told of.
    /// </summary>
    private async Task ReleaseAsync()
    {
        using var limit = new CancellationTokenSource(ReleaseLimit, _clock);
        try
        {
            await _store.ReleaseLeaseAsync(_name, Id, limit.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is TransferException or OperationCanceledException)
        {
            Loss = exception as TransferException;
        }
    }

    private async Task RenewAsync()
    {
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                await Task.Delay(RenewalPeriod, _clock, _stop.Token).ConfigureAwait(false);
                await RenewOnceAsync().ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The upload has ended.
        }
        catch (TransferException exception)
        {
            Loss = exception;
            await _lost.CancelAsync().ConfigureAwait(false);
        }
    }

    /// <summary>A store that cannot be reached for a while has not given the lease to anybody before it ended.</summary>
    private async Task RenewOnceAsync()
    {
        try
        {
            await _store.RenewLeaseAsync(_name, Id, _stop.Token).ConfigureAwait(false);
            _renewed = _clock.GetTimestamp();
        }
        catch (TransferException exception)
            when (exception.Code is ErrorCode.StoreUnreachable or ErrorCode.StoreBusy && _clock.GetElapsedTime(_renewed) < Duration)
        {
            // The next renewal tries again.
        }
    }
}
