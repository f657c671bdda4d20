namespace AzureVmRole.Fabric.Hosts;

/// <summary>A host as placement sees it.</summary>
/// <param name="Id">Its id: <c>local1-host0</c>.</param>
/// <param name="Kind">The kind of guests that it runs: <c>Simulated</c>, <c>Qemu</c>, <c>Process</c>. Shown wherever a guest is.</param>
/// <param name="Location">Its location.</param>
/// <param name="Cores">Virtual processors that it can give away.</param>
/// <param name="MemoryInMiB">Memory that it can give away, in MiB.</param>
/// <param name="FaultDomain">What fails together with it.</param>
/// <param name="UpdateDomain">What is serviced together with it.</param>
public sealed record HostProfile(
    string Id, string Kind, string Location, int Cores, long MemoryInMiB, int FaultDomain, int UpdateDomain);
