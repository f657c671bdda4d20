using System.Net;

namespace AzureVmRole.Fabric.Hosts.Qemu;

/// <summary>An instance on a host: at most one boot of it runs. Safe for several threads; changes wait for each other, reports do not.</summary>
internal sealed class QemuInstance : IAsyncDisposable
{
    private const int MostCrashes = 3;
    private static readonly TimeSpan CrashMemory = TimeSpan.FromHours(1);

    private readonly HostProfile _host;
    private readonly QemuHostOptions _options;
    private readonly Action _reportChanged;
    private readonly SemaphoreSlim _gate = new(1);
    private readonly Lock _lock = new();
    private readonly List<DateTimeOffset> _crashes = [];
    private GuestReport? _report;
    private QemuBoot? _boot;
    private bool _isLeft;

    public QemuInstance(string id, HostProfile host, QemuHostOptions options, Action reportChanged)
    {
        _host = host;
        _options = options;
        _reportChanged = reportChanged;
        Files = new QemuInstanceFiles(options.InstancesPath, id);
    }

    public QemuInstanceFiles Files { get; }

    /// <summary>What is known of it; null before its first boot here.</summary>
    public GuestReport? Report
    {
        get
        {
            lock (_lock)
            {
                return _report;
            }
        }
    }

    /// <inheritdoc cref="IHostAgent.StartAsync"/>
    public async Task StartAsync(GuestOrder order, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (Report?.Boot >= order.Boot || _isLeft)
            {
                return;
            }

            await EndAsync().ConfigureAwait(false);
            await BootAsync(order, message: null, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc cref="IHostAgent.StopAsync"/>
    public async Task StopAsync(bool isForced, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_boot is not { } boot)
            {
                return;
            }

            // Whoever died just now is not started again when it is to stop.
            if (isForced || boot.Ended.IsCompleted)
            {
                await EndAsync().ConfigureAwait(false);
            }
            else
            {
                boot.ShutDown(_options.LongestShutdown);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc cref="IHostAgent.AttachAsync"/>
    public Task AttachAsync(GuestDisk disk, CancellationToken cancellationToken) => ChangeAsync(boot => boot.AttachAsync(disk, cancellationToken), cancellationToken);

    /// <inheritdoc cref="IHostAgent.DetachAsync"/>
    public Task DetachAsync(int lun, CancellationToken cancellationToken) => ChangeAsync(boot => boot.DetachAsync(lun, cancellationToken), cancellationToken);

    /// <inheritdoc cref="IHostAgent.DiagnoseAsync"/>
    public async Task<GuestAccess?> DiagnoseAsync(CancellationToken cancellationToken)
    {
        await ChangeAsync(boot => boot.DiagnoseAsync(cancellationToken), cancellationToken).ConfigureAwait(false);
        return Report?.Access;
    }

    /// <summary>Has the guest shut down because the fabric stops, for as long as it waits; then it is turned off.</summary>
    public async Task LeaveAsync()
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            _isLeft = true;
            if (_boot is { } boot)
            {
                boot.ShutDown(_options.LongestFarewell);
                await ((Task)boot.Ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        finally
        {
            _gate.Release();
        }

        await DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Ends the guest at once.</summary>
    public async ValueTask DisposeAsync()
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            _isLeft = true;
            await EndAsync().ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task ChangeAsync(Func<QemuBoot, Task> change, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // Who has died just now is started again first: a change that nobody makes would be undone by the restart.
            if (_boot is { Ended.IsCompleted: true } ended)
            {
                await TakeEndAsync(ended).ConfigureAwait(false);
            }

            if (_boot is { } boot)
            {
                await change(boot).ConfigureAwait(false);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task BootAsync(GuestOrder order, string? message, CancellationToken cancellationToken)
    {
        See(new GuestReport(
            order.Boot, GuestPower.Starting, GuestProvisioning.InProgress, message, null, [.. order.DataDisks.Select(disk => disk.Lun)], _options.Clock.GetUtcNow(), Report?.Access));
        try
        {
            Files.Make(order.TemporaryDiskInMiB);
            QemuBoot boot = await QemuBoot.StartAsync(_host, _options, Files, order, See, cancellationToken).ConfigureAwait(false);
            _boot = boot;
            _ = FollowAsync(boot);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Forget();
            throw new FabricException(
                HttpStatusCode.InternalServerError, "InternalExecutionError", order.Name, $"The guest of '{order.Name}' cannot be started: {exception.Message}",
                $"See to it that '{_options.InstancesPath}' can be written, and start it again.");
        }
        catch
        {
            Forget();
            throw;
        }
    }

    /// <summary>A boot that could not be begun is as if nobody had asked for it: it can be asked for again.</summary>
    private void Forget()
    {
        lock (_lock)
        {
            _report = null;
        }
    }

    /// <summary>Waits for a boot's end.</summary>
    private async Task FollowAsync(QemuBoot boot)
    {
        await ((Task)boot.Ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_boot == boot)
            {
                await TakeEndAsync(boot).ConfigureAwait(false);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>A guest that ended without being asked to, because its process died, is started again; nobody hears of a stop in between, and gives its disks away.</summary>
    private async Task TakeEndAsync(QemuBoot boot)
    {
        QemuEnd end = boot.Ended.IsCompletedSuccessfully ? await boot.Ended.ConfigureAwait(false) : new QemuEnd(IsCrash: false, "");
        DateTimeOffset now = _options.Clock.GetUtcNow();
        _crashes.RemoveAll(time => now - time > CrashMemory);
        if (!end.IsCrash || _isLeft || _crashes.Count == MostCrashes)
        {
            await EndAsync(end.Said.Length > 0 ? $"QEMU ended: {end.Said}" : null).ConfigureAwait(false);
            return;
        }

        _crashes.Add(now);
        _boot = null;
        await boot.DisposeAsync().ConfigureAwait(false);
        string message = $"QEMU ended unexpectedly{(end.Said.Length > 0 ? $" ({end.Said})" : "")}, and the guest was started again.";
        _options.Log.WriteWarning($"The guest of '{boot.Order.Name}': {message}", null);
        try
        {
            GuestOrder order = boot.Order with { DataDisks = boot.DataDisks, NeedsProvisioning = !boot.IsProvisioned };
            await BootAsync(order, message, CancellationToken.None).ConfigureAwait(false);
        }
        catch (FabricException exception)
        {
            _options.Log.WriteWarning($"The guest of '{boot.Order.Name}' could not be started again after QEMU had ended unexpectedly.", exception);
            See(boot.ReportEnd(exception.Message));
        }
    }

    private async Task EndAsync(string? message = null)
    {
        if (_boot is not { } boot)
        {
            return;
        }

        _boot = null;
        await boot.DisposeAsync().ConfigureAwait(false);
        See(boot.ReportEnd(message));
    }

    private void See(GuestReport report)
    {
        lock (_lock)
        {
            if (_report is { } before && report with { Since = before.Since, Luns = before.Luns } == before && report.Luns.SequenceEqual(before.Luns))
            {
                return;
            }

            _report = report;
        }

        _reportChanged();
    }
}
