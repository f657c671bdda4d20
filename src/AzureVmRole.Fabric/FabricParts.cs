using AzureVmRole.Engine.Storage;
using AzureVmRole.Fabric.Control;
using AzureVmRole.Fabric.FrontEnd;
using AzureVmRole.Fabric.Hosts;
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
}
