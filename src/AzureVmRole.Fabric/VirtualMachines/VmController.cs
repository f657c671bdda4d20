using System.Collections.Concurrent;
using AzureVmRole.Fabric.Control;
using AzureVmRole.Fabric.Hosts;
using AzureVmRole.Fabric.Resources;

namespace AzureVmRole.Fabric.VirtualMachines;

/// <summary>Brings virtual machines to what was asked for: plans, follows the plan, and plans again until there is nothing to do.</summary>
internal sealed class VmController : IResourceController
{
    /// <summary>A plan that changes nothing, or the next one that cannot be followed yet, is tried again after this time.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private const int MostPlans = 20;

    private readonly FabricParts _parts;
    private readonly ConcurrentDictionary<string, ResourceId> _instances = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Listens to every host from now on.</summary>
    public VmController(FabricParts parts)
    {
        _parts = parts;
        foreach (IHostAgent host in parts.Hosts.Values)
        {
            host.ReportChanged = instanceId =>
            {
                if (_instances.TryGetValue(instanceId, out ResourceId? id))
                {
                    parts.Queue.Add(id);
                }
            };
        }
    }

    /// <inheritdoc/>
    public ResourceType Type => ResourceType.VirtualMachines;

    /// <inheritdoc/>
    public async Task<TimeSpan?> ReconcileAsync(ResourceId id, CancellationToken cancellationToken)
    {
        var work = new VmWork(_parts, _instances, id);
        try
        {
            IReadOnlyList<VmAction> before = [];
            for (int count = 0; count < MostPlans && work.Read(); count++)
            {
                VmPlan plan = work.Plan();
                if (plan.Actions.Count == 0)
                {
                    return plan.LookAgain;
                }

                if (plan.Actions.SequenceEqual(before))
                {
                    return Patience;
                }

                await work.FollowAsync(plan, cancellationToken).ConfigureAwait(false);
                if (work.IsEnded)
                {
                    return null;
                }

                before = plan.Actions;
            }

            return work.IsThere ? Patience : null;
        }
        finally
        {
            work.Flush();
        }
    }
}
