using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using AzureVmRole.Fabric.Hosts;
using AzureVmRole.Fabric.Media;
using AzureVmRole.Fabric.Resources;
using AzureVmRole.Fabric.State;

namespace AzureVmRole.Fabric.VirtualMachines;

/// <summary>
/// One look of the controller at a virtual machine. What it sees and does is kept here and noted with the outcome; what must survive a kill before
/// something is done (host, boot, leases) is noted before.
/// </summary>
internal sealed partial class VmWork(FabricParts parts, ConcurrentDictionary<string, ResourceId> instances, ResourceId id)
{
    private Resource? _row;
    private VmDocument? _desired;
    private VmObserved _observed = VmObserved.Nothing;
    private Dictionary<string, Resource> _disks = [];
    private bool _isRead;
    private bool _isDirty;
    private bool _isCaptured;

    /// <summary>Whether the outcome is noted, and nothing is left to do.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>Whether the resource exists.</summary>
    public bool IsThere => _row is not null;

    private Resource Row => _row ?? throw new InvalidOperationException("The virtual machine was not read.");

    private VmDocument Desired => _desired ?? throw new InvalidOperationException("The virtual machine was not read.");

    private IHostAgent? Host => _observed.Host is { } host ? parts.Hosts.GetValueOrDefault(host) : null;

    private LocationMedia Media => parts.Media.Of(Row.Location);

    /// <summary>Reads what is asked for, and the disks.</summary>
    /// <returns>False when the virtual machine does not exist.</returns>
    public bool Read()
    {
        _row = parts.Database.Read(table =>
        {
            Resource? found = table.Find(id);
            if (found is not null)
            {
                _desired = VmDocument.Parse(found.Desired);
                _observed = _isRead ? _observed : VmObserved.Parse(found.Observed);
                _isRead = true;
                ReadDisks(table);
            }

            return found;
        });
        if (_row is null)
        {
            return false;
        }

        instances[Desired.Intent.VmId] = id;
        return true;
    }

    /// <summary>Plans.</summary>
    public VmPlan Plan() => VmPlanner.Plan(Desired, _observed, new VmSituation
    {
        IsSettled = Row.ObservedGeneration >= Row.Generation,
        State = Row.State,
        Report = Host?.Report(Desired.Intent.VmId),
        IsCaptured = _isCaptured,
        ProvisioningLimit = parts.Options.ProvisioningLimit,
        Now = parts.Clock.GetUtcNow(),
        Disks = _disks.ToDictionary(disk => disk.Key, disk => FactOf(disk.Value), StringComparer.Ordinal),
    });

    /// <summary>Notes what was seen and not noted yet.</summary>
    public void Flush()
    {
        if (_isDirty && !IsEnded)
        {
            Note();
        }
    }

    private static VmDiskFact FactOf(Resource disk) => disk switch
    {
        { State: ProvisioningState.Failed } =>
            new VmDiskFact(VmDiskCondition.Failed, disk.Observed.Text(MediaDocument.Message) ?? "it could not be made."),
        { State: ProvisioningState.Deleting } => new VmDiskFact(VmDiskCondition.Failed, "it is being deleted."),
        { State: ProvisioningState.Creating } => new VmDiskFact(VmDiskCondition.InTheMaking),
        _ => new VmDiskFact(VmDiskCondition.Ready),
    };

    private void ReadDisks(FabricTable table)
    {
        IEnumerable<string> wanted = Desired.AllDisks.Select(disk => disk.DiskId).Concat(_observed.Disks.Select(disk => disk.DiskId)).Concat(Desired.Intent.Releasing);
        _disks = [];
        foreach (string text in wanted)
        {
            if (ResourceId.TryParse(text, out ResourceId? diskId) && !_disks.ContainsKey(diskId.Key) && table.Find(diskId) is { } disk)
            {
                _disks.Add(diskId.Key, disk);
            }
        }
    }

    /// <summary>Changes what is known, to be noted later.</summary>
    private void See(VmObserved observed)
    {
        _observed = observed;
        _isDirty = true;
    }

    /// <summary>Notes what is known; what was asked for meanwhile stays.</summary>
    private void Note()
    {
        JsonObject observed = _observed.ToJson();
        parts.Database.Change(table =>
        {
            if (table.Find(id) is { } row)
            {
                table.Save(row with { Observed = observed });
            }

            return true;
        });
        _isDirty = false;
    }
}
