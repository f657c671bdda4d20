using System.Collections.Concurrent;

namespace AzureVmRole.Fabric.Hosts.Qemu;

/// <summary>
/// A host whose guests run in QEMU, from the VHDs where they are. QEMU ends with this process: a fabric that is started again has no guests, and the controller starts those
/// that are to run (a restart from the disk, as after a power failure; after an orderly stop they were shut down before).
/// </summary>
internal sealed class QemuHost(HostProfile profile, QemuHostOptions options) : IHostAgent
{
    /// <summary>The kind, as profiles and views show it.</summary>
    public const string Kind = "Qemu";

    // Emulated processors share this machine's; memory is not shared.
    private const int CoresPerProcessor = 8;
    private const int MemoryForOthersInMiB = 1024;
    private const int BytesInMiB = 1 << 20;

    private readonly ConcurrentDictionary<string, QemuInstance> _instances = new(StringComparer.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public HostProfile Profile => profile;

    /// <inheritdoc/>
    public bool KeepsGuests => false;

    /// <inheritdoc/>
    public Action<string>? ReportChanged { get; set; }

    /// <summary>One host a location; they share this machine's memory evenly.</summary>
    public static IReadOnlyList<QemuHost> MakeAll(IReadOnlyList<string> locations, QemuHostOptions options)
    {
        long memory = (GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / BytesInMiB) - MemoryForOthersInMiB;
        return
        [
            .. locations.Select(location => new QemuHost(
                new HostProfile($"{location}-qemu0", Kind, location, CoresPerProcessor * Environment.ProcessorCount, Math.Max(memory / locations.Count, 0), 0, 0), options)),
        ];
    }

    /// <inheritdoc/>
    public Task StartAsync(GuestOrder order, CancellationToken cancellationToken) => _instances
        .GetOrAdd(order.InstanceId, id => new QemuInstance(id, profile, options, () => ReportChanged?.Invoke(id)))
        .StartAsync(order, cancellationToken);

    /// <inheritdoc/>
    public Task StopAsync(string instanceId, bool isForced, CancellationToken cancellationToken) =>
        _instances.TryGetValue(instanceId, out QemuInstance? instance) ? instance.StopAsync(isForced, cancellationToken) : Task.CompletedTask;

    /// <inheritdoc/>
    public async Task RemoveAsync(string instanceId, CancellationToken cancellationToken)
    {
        if (_instances.TryRemove(instanceId, out QemuInstance? instance))
        {
            await instance.DisposeAsync().ConfigureAwait(false);
        }

        new QemuInstanceFiles(options.InstancesPath, instanceId).Remove();
    }

    /// <inheritdoc/>
    public Task AttachAsync(string instanceId, GuestDisk disk, CancellationToken cancellationToken) =>
        _instances.TryGetValue(instanceId, out QemuInstance? instance) ? instance.AttachAsync(disk, cancellationToken) : Task.CompletedTask;

    /// <inheritdoc/>
    public Task DetachAsync(string instanceId, int lun, CancellationToken cancellationToken) =>
        _instances.TryGetValue(instanceId, out QemuInstance? instance) ? instance.DetachAsync(lun, cancellationToken) : Task.CompletedTask;

    /// <inheritdoc/>
    public GuestReport? Report(string instanceId) => _instances.TryGetValue(instanceId, out QemuInstance? instance) ? instance.Report : null;

    /// <inheritdoc/>
    public async Task<GuestAccess?> DiagnoseAsync(string instanceId, CancellationToken cancellationToken) =>
        _instances.TryGetValue(instanceId, out QemuInstance? instance) ? await instance.DiagnoseAsync(cancellationToken).ConfigureAwait(false)
            : QemuInstanceFiles.FindAccess(options.InstancesPath, instanceId);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_instances.Values.Select(instance => instance.LeaveAsync())).ConfigureAwait(false);
        _instances.Clear();
    }
}
