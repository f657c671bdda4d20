using System.Net;
using System.Text.Json.Nodes;
using AzureVmRole.Fabric.Guests;
using AzureVmRole.Fabric.Guests.Media;
using AzureVmRole.Fabric.Guests.Network;

namespace AzureVmRole.Fabric.Hosts.Qemu;

/// <summary>One boot of an instance: the process, everything that the guest meets, and the watch over both. Disposing it turns the guest off.</summary>
internal sealed partial class QemuBoot : IAsyncDisposable
{
    private const int SshPort = 22;
    private const int RemoteDesktopPort = 3389;

    private readonly QemuHostOptions _options;
    private readonly QemuInstanceFiles _files;
    private readonly GuestServices _services;
    private readonly ConsoleFile _console;
    private readonly PortForward _forward;
    private readonly Action<GuestReport> _see;
    private readonly SemaphoreSlim _news;
    private readonly CancellationTokenSource _stop = new();
    private readonly GuestTrace _trace;
    private readonly QemuGuest _guest;
    private readonly GuestSecrets _secrets;
    private volatile IReadOnlyList<GuestDisk> _dataDisks;
    private bool _isDisposed;

    private QemuBoot(
        QemuHostOptions options, QemuInstanceFiles files, GuestOrder order, GuestSecrets secrets, GuestServices services, PortForward forward, QemuGuest guest, GuestTrace trace, SemaphoreSlim news,
        Action<GuestReport> see)
    {
        _secrets = secrets;
        _forward = forward;
        _isProvisioned = !order.NeedsProvisioning;
        Order = order;
        _options = options;
        _files = files;
        _services = services;
        _console = new ConsoleFile(files.ConsolePath, guest.Console);
        _guest = guest;
        _trace = trace;
        _news = news;
        _see = see;
        _dataDisks = order.DataDisks;
        Ended = Task.Run(WatchAsync);
    }

    public GuestOrder Order { get; }

    /// <summary>The data disks that it has now.</summary>
    public IReadOnlyList<GuestDisk> DataDisks => _dataDisks;

    /// <summary>Ends with the guest.</summary>
    public Task<QemuEnd> Ended { get; }

    /// <summary>Whether the guest needs no provisioning any more.</summary>
    public bool IsProvisioned => _isProvisioned;

    private int GuestPort => GuestPortOf(Order);

    /// <summary>Starts the guest.</summary>
    /// <param name="host">Where.</param>
    /// <param name="options">What all guests share.</param>
    /// <param name="files">What the host keeps of the instance.</param>
    /// <param name="order">What to bring up.</param>
    /// <param name="see">Told what is known of the guest, again and again; returns at once.</param>
    /// <param name="cancellationToken">Ends the starting.</param>
    /// <exception cref="FabricException">QEMU is missing, or does not start the guest.</exception>
    public static async Task<QemuBoot> StartAsync(
        HostProfile host, QemuHostOptions options, QemuInstanceFiles files, GuestOrder order, Action<GuestReport> see, CancellationToken cancellationToken)
    {
        QemuInstallation qemu = await options.Find(cancellationToken).ConfigureAwait(false);
        GuestSecrets secrets = order.NeedsProvisioning ? options.Secrets.Read(order.InstanceId) : GuestSecrets.None;
        GuestIdentity identity = QemuIdentity.Make(order, host.Location, secrets);
        var news = new SemaphoreSlim(0);
        var services = new GuestServices(identity, options.Beats with { IsProvisioned = !order.NeedsProvisioning }, options.Clock, () => news.Release());
        var trace = new GuestTrace(options.Clock);
        var console = new ConsoleLog(trace.SeeLine);
        PortForward? forward = null;
        try
        {
            forward = PortForward.Start(services.Segment, GuestPortOf(order));
            QemuGuestOptions guest = Describe(order, identity, files, options.Clock);
            QemuGuest running = await StartAsync(qemu, guest, services, console, trace, cancellationToken).ConfigureAwait(false);
            return new QemuBoot(options, files, order, secrets, services, forward, running, trace, news, see);
        }
        catch
        {
            if (forward is not null)
            {
                await forward.DisposeAsync().ConfigureAwait(false);
            }

            await services.DisposeAsync().ConfigureAwait(false);
            news.Dispose();
            throw;
        }
    }

    /// <summary>Presses the power button, again and again, and turns the guest off when that has not helped.</summary>
    /// <param name="limit">How long it may take to shut down.</param>
    public void ShutDown(TimeSpan limit)
    {
        DateTimeOffset until = _options.Clock.GetUtcNow() + limit;
        _trace.ShutDownUntil = _trace.ShutDownUntil is { } before && before < until ? before : until;
        _news.Release();
    }

    /// <summary>Gives the guest a disk, or the same one with other caching: then it is taken from the guest and given back, as in Azure.</summary>
    /// <exception cref="FabricException">QEMU refuses.</exception>
    public async Task AttachAsync(GuestDisk disk, CancellationToken cancellationToken)
    {
        GuestDisk? before = _dataDisks.FirstOrDefault(other => other.Lun == disk.Lun);
        if (before == disk)
        {
            return;
        }

        if (before is not null)
        {
            await DetachAsync(disk.Lun, cancellationToken).ConfigureAwait(false);
        }

        await AskAsync(() => AttachAsync(DiskOf(disk), cancellationToken), $"take the disk '{disk.Name}' at LUN {disk.Lun}").ConfigureAwait(false);
        SeeDisks([.. _dataDisks, disk]);
    }

    /// <summary>Takes a disk from the guest.</summary>
    /// <exception cref="FabricException">QEMU refuses.</exception>
    public async Task DetachAsync(int lun, CancellationToken cancellationToken)
    {
        if (_dataDisks.All(disk => disk.Lun != lun))
        {
            return;
        }

        await AskAsync(() => _guest.DetachAsync(lun, cancellationToken), $"give the disk at LUN {lun} back").ConfigureAwait(false);
        SeeDisks([.. _dataDisks.Where(disk => disk.Lun != lun)]);
    }

    /// <summary>Writes console and screen to their files.</summary>
    public async Task DiagnoseAsync(CancellationToken cancellationToken)
    {
        WriteConsole();
        try
        {
            await _guest.SaveScreenAsync(_files.ScreenPath, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (IsRefusal(exception))
        {
            _options.Log.WriteWarning($"The screen of '{Order.Name}' could not be saved.", exception);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        await _stop.CancelAsync().ConfigureAwait(false);
        await ((Task)Ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _forward.DisposeAsync().ConfigureAwait(false);
        await _guest.DisposeAsync().ConfigureAwait(false);
        await _services.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
    }

    private static int GuestPortOf(GuestOrder order) => order.OSType == "Windows" ? RemoteDesktopPort : SshPort;

    /// <summary>Whether QEMU refused, or is not there any more.</summary>
    private static bool IsRefusal(Exception exception) => exception is IOException or QmpException or ObjectDisposedException;

    private static bool IsAlwaysCached(Exception exception) => exception.Message.Contains("O_DIRECT", StringComparison.Ordinal);

    private static QemuGuestOptions Describe(GuestOrder order, GuestIdentity identity, QemuInstanceFiles files, TimeProvider clock) => new()
    {
        InstanceId = order.InstanceId,
        Cores = Math.Min(order.Cores, Environment.ProcessorCount),
        MemoryInMiB = order.MemoryInMiB,
        IsGeneration2 = order.IsGeneration2,
        OSDisk = DiskOf(order.OSDisk),
        IsOSDiskNvme = order.IsOSDiskNvme,
        TemporaryDisk = order.TemporaryDiskInMiB > 0 ? new QemuDisk(QemuDisk.TemporaryLun, files.TemporaryDiskPath, "raw", "ReadWrite") : null,
        DataDisks = [.. order.DataDisks.Select(DiskOf)],
        WriteMedia = order.NeedsProvisioning ? path => ProvisioningMedia.Write(path, identity, clock.GetUtcNow(), order.Profile?.Listeners) : null,
        Adapter = identity.Adapter,
    };

    private static QemuDisk DiskOf(GuestDisk disk) => new(disk.Lun, disk.Path, "vpc", disk.Caching);

    private static async Task<QemuGuest> StartAsync(
        QemuInstallation qemu, QemuGuestOptions options, GuestServices services, ConsoleLog console, GuestTrace trace, CancellationToken cancellationToken)
    {
        void Note(string name, JsonObject data) => trace.Take(services, name, data);
        try
        {
            return await QemuGuest.StartAsync(qemu, options, services.Segment, console, Note, cancellationToken).ConfigureAwait(false);
        }
        catch (FabricException refusal) when (IsAlwaysCached(refusal))
        {
            // A file system that always caches (tmpfs): None is as much of ReadOnly there.
            QemuGuestOptions cached = options with { OSDisk = Cached(options.OSDisk), DataDisks = [.. options.DataDisks.Select(Cached)] };
            return await QemuGuest.StartAsync(qemu, cached, services.Segment, console, Note, cancellationToken).ConfigureAwait(false);
        }
    }

    private static QemuDisk Cached(QemuDisk disk) => disk.Caching == "None" ? disk with { Caching = "ReadOnly" } : disk;

    private async Task AttachAsync(QemuDisk disk, CancellationToken cancellationToken)
    {
        try
        {
            await _guest.AttachAsync(disk, cancellationToken).ConfigureAwait(false);
        }
        catch (QmpException refusal) when (IsAlwaysCached(refusal))
        {
            await _guest.AttachAsync(Cached(disk), cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task AskAsync(Func<Task> work, string what)
    {
        try
        {
            await work().ConfigureAwait(false);
        }
        catch (Exception exception) when (IsRefusal(exception))
        {
            throw new FabricException(
                HttpStatusCode.Conflict, "AttachDiskFailed", Order.Name, $"The guest of '{Order.Name}' does not {what}: {exception.Message}", "Stop the virtual machine, and change its disks then.");
        }
    }

    private void SeeDisks(IReadOnlyList<GuestDisk> disks)
    {
        _dataDisks = disks;
        _services.Change(identity => identity with { DataDisks = QemuIdentity.DisksOf(disks) });
        _news.Release();
    }
}
