using AzureVmRole.Fabric.Hosts;

namespace AzureVmRole.Fabric.Placement;

/// <summary>A host and what is given away of it.</summary>
/// <param name="Profile">The host.</param>
/// <param name="CoresUsed">Virtual processors that instances have.</param>
/// <param name="MemoryUsedInMiB">Memory that instances have, in MiB.</param>
/// <param name="Guests">How many instances it has; for a placement with a spread group, how many of that group.</param>
internal sealed record HostLoad(HostProfile Profile, long CoresUsed, long MemoryUsedInMiB, int Guests)
{
    public long CoresFree => Profile.Cores - CoresUsed;

    public long MemoryFreeInMiB => Profile.MemoryInMiB - MemoryUsedInMiB;

    public bool HasRoomFor(PlacementRequest request) => CoresFree >= request.Cores && MemoryFreeInMiB >= request.MemoryInMiB;
}
