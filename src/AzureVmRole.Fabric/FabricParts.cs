using AzureVmRole.Engine.Storage;
using AzureVmRole.Fabric.Control;
using AzureVmRole.Fabric.FrontEnd;
using AzureVmRole.Fabric.Hosts;
using AzureVmRole.Fabric.Hosts.Simulated;
using AzureVmRole.Fabric.Media;
using AzureVmRole.Fabric.Operations;
using AzureVmRole.Fabric.Placement;
using AzureVmRole.Fabric.State;

namespace AzureVmRole.Fabric;

/// <summary>What the types of resources are made with.</summary>
internal sealed record FabricParts
{
    public required FabricOptions Options { get; init; }

    public required FabricHome Home { get; init; }

    public required FabricDatabase Database { get; init; }

    public required WorkQueue Queue { get; init; }

    public required OperationBoard Operations { get; init; }

    public required RequestDesk Desk { get; init; }

    public required TimeProvider Clock { get; init; }

    public required IFabricLog Log { get; init; }

    /// <summary>The store of each location.</summary>
    public required IReadOnlyDictionary<string, IBlobStore> Stores { get; init; }

    /// <summary>The disks in these stores.</summary>
    public required MediaStores Media { get; init; }

    /// <summary>The hosts of all locations by their ids. Whoever runs guests on them sets <see cref="IHostAgent.ReportChanged"/>.</summary>
    public required IReadOnlyDictionary<string, IHostAgent> Hosts { get; init; }

    /// <summary>Which instance has what of which host.</summary>
    public required HostLedger Ledger { get; init; }

    /// <summary>The kind of host that new instances are placed on.</summary>
    public required string HostKind { get; init; }

    /// <summary>What instances are told when they are provisioned.</summary>
    public required InstanceSecrets Secrets { get; init; }

    /// <summary>Puts the parts together, with the hosts that the options ask for.</summary>
    /// <exception cref="FabricException">HostNotAvailable: QEMU is asked for, and is not there.</exception>
    public static FabricParts Make(
        FabricOptions options, FabricHome home, FabricDatabase database, IReadOnlyDictionary<string, IBlobStore> stores, TimeProvider clock, IFabricLog log)
    {
        string hostKind = FabricHosts.ChooseKind(options.HostKind);
        var secrets = new InstanceSecrets(home.InstancesPath, isWanted: hostKind != SimulatedHost.Kind);
        IReadOnlyList<IHostAgent> hosts = FabricHosts.MakeAll(options, home, secrets, clock, log);
        var queue = new WorkQueue();
        return new FabricParts
        {
            Options = options,
            Home = home,
            Database = database,
            Queue = queue,
            Operations = new OperationBoard(database, clock),
            Desk = new RequestDesk(database, queue, clock),
            Clock = clock,
            Log = log,
            Stores = stores,
            Media = new MediaStores(stores, clock),
            Hosts = hosts.ToDictionary(host => host.Profile.Id, StringComparer.Ordinal),
            Ledger = new HostLedger(hosts.Select(host => host.Profile)),
            HostKind = hostKind,
            Secrets = secrets,
        };
    }
}
