using System.Net;

namespace AzureVmRole;

/// <summary>
/// A virtual machine instance. Set-OSDisk, Add-, Set- and Remove-DataDisk change this object only, and note in <see cref="PendingChanges"/> what
/// they did; Update-VMInstance then asks the service for all of it at once. Not safe for several threads.
/// </summary>
public sealed class VMInstance
{
    private const int LunCount = 64;

    private readonly List<VMChange> _pending = [];

    /// <summary>The instance's name.</summary>
    public required string Name { get; init; }

    /// <summary>The resource group that it is in.</summary>
    public required string ResourceGroupName { get; init; }

    /// <summary>The location.</summary>
    public required string Location { get; init; }

    /// <summary>The state for people: <c>Running</c>, <c>Running (Provisioning)</c>, <c>ProvisioningFailed</c>, <c>ProvisioningTimeout</c>, <c>Stopped</c>, <c>Stopped (Deallocated)</c>, <c>Failed</c> and so on.</summary>
    public required string Status { get; init; }

    /// <summary>What became of the last change: Creating, Updating, Deleting, Succeeded, Failed, Canceled.</summary>
    public required string ProvisioningState { get; init; }

    /// <summary>running, stopped, deallocated and so on; empty while it is not known.</summary>
    public string PowerState { get; init; } = "";

    /// <summary>What runs the guest: <c>Simulated</c> (nothing does: the control plane only), <c>Azure</c>, or the kind of the local host.</summary>
    public string HostKind { get; init; } = "";

    /// <summary>The size: processors, memory and how many data disks there may be.</summary>
    public string Size { get; init; } = "";

    /// <summary>The disk that it starts from, pending changes included.</summary>
    public required OSDisk OSDisk { get; set; }

    /// <summary>The controller that the OS disk is on; null where the service does not tell, as for generation 1.</summary>
    public DiskControllerType? DiskControllerType { get; init; }

    /// <summary>The further disks in the order of their LUNs, pending changes included.</summary>
    public DataDisk[] DataDisks { get; set; } = [];

    /// <summary>The image that it was made from; null when it was made from a disk.</summary>
    public string? ImageName { get; init; }

    /// <summary>Why it is not what it should be; null when nobody has anything to say.</summary>
    public string? Message { get; init; }

    /// <summary>The version of the agent in the guest, after its name unless it is Azure's own; null when none has spoken.</summary>
    public string? AgentVersion { get; init; }

    /// <summary>What the agent is, as the service shows it: <c>Ready</c>, <c>Not Ready</c>; null when the guest does not run.</summary>
    public string? AgentStatus { get; init; }

    /// <summary>The log of the serial console; on a local fabric a file of this machine. Null where there is none.</summary>
    public Uri? SerialConsoleLog { get; init; }

    /// <summary>The last picture of the screen, a PNG; null where there is none.</summary>
    public Uri? ConsoleScreenshot { get; init; }

    /// <summary>Where on this machine the guest's port for its administrator is (SSH: 22, Windows: 3389), as <c>127.0.0.1:40123</c>; null where nothing is forwarded.</summary>
    public string? Endpoint { get; init; }

    /// <summary>The resource id.</summary>
    public required string Id { get; init; }

    /// <summary>What Update-VMInstance would ask for, in the order in which it was noted.</summary>
    public IReadOnlyList<VMChange> PendingChanges => _pending;

    /// <summary>Changes this object and notes the change. The service learns of it by Update-VMInstance.</summary>
    /// <param name="change">The change; a LUN and a caching where its kind needs them.</param>
    /// <exception cref="FabricException">RequestInvalid: the LUN is taken, or there is no disk at it.</exception>
    public void Apply(VMChange change)
    {
        VMChange noted = change;
        switch (change.Kind)
        {
            case VMChangeKind.SetOSDisk:
                OSDisk = OSDisk with { HostCaching = change.HostCaching ?? OSDisk.HostCaching };
                break;
            case VMChangeKind.AddDataDisk:
                noted = change with { Lun = Add(change) };
                break;
            case VMChangeKind.SetDataDisk:
                DataDisk found = Require(change.Lun);
                DataDisks = [.. DataDisks.Select(disk => disk == found ? disk with { HostCaching = change.HostCaching ?? disk.HostCaching } : disk)];
                noted = change with { DiskName = found.DiskName };
                break;
            default:
                DataDisk removed = Require(change.Lun);
                DataDisks = [.. DataDisks.Where(disk => disk != removed)];
                noted = change with { DiskName = removed.DiskName };
                break;
        }

        _pending.Add(noted);
    }

    /// <summary>The lowest LUN that no data disk has, nor one that is to be detached; null when all 64 are taken.</summary>
    public int? FindFreeLun()
    {
        HashSet<int> taken = [.. DataDisks.Select(disk => disk.Lun), .. Enumerable.Range(0, LunCount).Where(IsToBeFreed)];
        return Enumerable.Range(0, LunCount).Where(lun => !taken.Contains(lun)).Select(lun => (int?)lun).FirstOrDefault();
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    private int Add(VMChange change)
    {
        int lun = change.Lun ?? FindFreeLun() ?? throw Invalid($"All 64 LUNs of '{Name}' are taken.", "Detach a data disk first.");
        if (DataDisks.FirstOrDefault(disk => disk.Lun == lun) is { } taken)
        {
            throw Invalid($"LUN {lun} of '{Name}' is taken by '{taken.DiskName}'.", $"Give another one; {FindFreeLun()} is free.");
        }

        // The service puts no other disk on a LUN in the request that takes one off it.
        if (IsToBeFreed(lun))
        {
            throw Invalid(
                $"LUN {lun} of '{Name}' is free only when the disk on it has been detached.", $"Run Update-VMInstance first, or give another one; {FindFreeLun()} is free.");
        }

        var added = new DataDisk
        {
            Lun = lun,
            DiskName = change.DiskName ?? "",
            DiskLabel = change.DiskLabel,
            HostCaching = change.HostCaching ?? HostCaching.None,
            SizeInGB = change.SizeInGB,
            Id = change.DiskId,
            VMName = Name,
        };
        DataDisks = [.. DataDisks.Append(added).OrderBy(disk => disk.Lun)];
        return lun;
    }

    // What was added and removed again by the same change set was never there.
    private bool IsToBeFreed(int lun)
    {
        VMChange? first = _pending.Find(change => change.Lun == lun && change.Kind is (VMChangeKind.AddDataDisk or VMChangeKind.RemoveDataDisk));
        return first?.Kind == VMChangeKind.RemoveDataDisk;
    }

    private DataDisk Require(int? lun) => DataDisks.FirstOrDefault(disk => disk.Lun == lun) ?? throw Invalid(
        $"'{Name}' has no data disk at LUN {lun}; it has {(DataDisks.Length == 0 ? "none" : "LUN " + string.Join(", ", DataDisks.Select(disk => disk.Lun)))}.",
        "See Get-DataDisk for the LUNs.");

    private FabricException Invalid(string message, string action) => new(HttpStatusCode.BadRequest, "InvalidParameter", Name, message, action);
}
