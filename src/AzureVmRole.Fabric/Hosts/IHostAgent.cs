namespace AzureVmRole.Fabric.Hosts;

/// <summary>
/// Runs guests of one kind on one host. Every call is idempotent: the controller repeats it after a time-out or a restart. Starting and stopping
/// are under way when the call returns; <see cref="Report"/> says where they are, and <see cref="ReportChanged"/> when to ask.
/// </summary>
public interface IHostAgent : IAsyncDisposable
{
    /// <summary>What it is and what it can take.</summary>
    HostProfile Profile { get; }

    /// <summary>Whether its guests outlive the fabric, and are found again by the next one. Else the controller starts those again that are to run.</summary>
    bool KeepsGuests { get; }

    /// <summary>Told the id of an instance when the report about it has changed; called from any thread, and returns at once. Set once, before use.</summary>
    Action<string>? ReportChanged { get; set; }

    /// <summary>Brings up a guest. Nothing happens when this boot of it was started already; an earlier boot is ended first.</summary>
    /// <exception cref="FabricException">The guest cannot be started.</exception>
    Task StartAsync(GuestOrder order, CancellationToken cancellationToken);

    /// <summary>Has a guest's boot end; the report says when it has. Nothing happens when none runs.</summary>
    /// <param name="instanceId">The instance.</param>
    /// <param name="isForced">Whether the guest is not asked first (power off against shut down).</param>
    /// <param name="cancellationToken">Ends the call, not the guest's shutting down.</param>
    Task StopAsync(string instanceId, bool isForced, CancellationToken cancellationToken);

    /// <summary>Forgets an instance, and removes what the host has of it. Its disks are not the host's.</summary>
    Task RemoveAsync(string instanceId, CancellationToken cancellationToken);

    /// <summary>Gives a running guest one more disk, or the same one with other caching.</summary>
    Task AttachAsync(string instanceId, GuestDisk disk, CancellationToken cancellationToken);

    /// <summary>Takes a disk from a running guest.</summary>
    Task DetachAsync(string instanceId, int lun, CancellationToken cancellationToken);

    /// <summary>What is known of an instance; null when the host does not have it.</summary>
    GuestReport? Report(string instanceId);

    /// <summary>Brings the files of console and screen up to date.</summary>
    /// <returns>Where they are; null when the host has nothing of the instance to show.</returns>
    Task<GuestAccess?> DiagnoseAsync(string instanceId, CancellationToken cancellationToken);
}
