using AzureVmRole.Fabric.Resources;

namespace AzureVmRole.Fabric.Placement;

/// <summary>What the ledger was made of.</summary>
/// <param name="Homeless">The virtual machines whose host the fabric does not have any more.</param>
/// <param name="Housed">The others that have a host.</param>
/// <param name="Instances">The ids of all instances, with and without a host.</param>
internal sealed record LedgerFindings(IReadOnlyList<ResourceId> Homeless, IReadOnlyList<(ResourceId Id, string Host)> Housed, IReadOnlySet<string> Instances);
