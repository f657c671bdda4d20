using AzureVmRole.Fabric.Resources;
using AzureVmRole.Fabric.State;

namespace AzureVmRole.Fabric.VirtualMachines;

/// <summary>What a body is read against.</summary>
internal sealed record VmDraftContext
{
    /// <summary>The virtual machine.</summary>
    public required ResourceId Id { get; init; }

    /// <summary>It as it is; null when it is to be made.</summary>
    public required Resource? Found { get; init; }

    /// <summary>The state; only read.</summary>
    public required FabricTable Table { get; init; }

    /// <summary>The locations that the fabric has.</summary>
    public required IReadOnlyList<string> Locations { get; init; }

    /// <summary>Whether the host that a virtual machine is on has room for another size of it: from the place that it has.</summary>
    public required Func<Resource, string, bool> HasRoom { get; init; }

    /// <summary>VHDs in storage that disks are registered on, looked at before the transaction, by the address that the body gives.</summary>
    public required IReadOnlyDictionary<string, VmVhd> Vhds { get; init; }

    /// <summary>The time.</summary>
    public required DateTimeOffset Now { get; init; }
}
