namespace AzureVmRole.Fabric.Placement;

/// <summary>What an instance needs of a host.</summary>
/// <param name="Location">Where.</param>
/// <param name="Cores">Virtual processors.</param>
/// <param name="MemoryInMiB">Memory in MiB.</param>
/// <param name="SpreadGroup">Instances of one name (the id of an availability set) are spread over fault and update domains among themselves; null spreads among all.</param>
/// <param name="AvoidHost">A host that is chosen only where no other has room: the one that an instance is moved away from. Null for none.</param>
/// <param name="HostKind">The kind that a host has to be of, unless the instance has its place already; null for any.</param>
internal sealed record PlacementRequest(string Location, int Cores, long MemoryInMiB, string? SpreadGroup = null, string? AvoidHost = null, string? HostKind = null);
