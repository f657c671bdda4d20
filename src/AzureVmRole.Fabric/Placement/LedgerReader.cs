using System.Text.Json.Nodes;
using AzureVmRole.Fabric.FrontEnd;
using AzureVmRole.Fabric.Resources;
using AzureVmRole.Fabric.State;

namespace AzureVmRole.Fabric.Placement;

/// <summary>Makes the ledger again from the virtual machines' documents (docs/design/fabric.md, Documents).</summary>
internal static class LedgerReader
{
    private const int PageSize = 1000;

    /// <summary>Notes the place of every virtual machine that has one.</summary>
    /// <returns>What was found.</returns>
    public static LedgerFindings Restore(FabricDatabase database, string subscriptionId, HostLedger ledger)
    {
        var homeless = new List<ResourceId>();
        var housed = new List<(ResourceId Id, string Host)>();
        var instances = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var scope = new ListScope(subscriptionId);
        string? continuation = null;
        List<Resource> page;
        do
        {
            page = database.Read(table => table.List(ResourceType.VirtualMachines, scope, continuation, PageSize));
            foreach (Resource machine in page)
            {
                if ((string?)machine.Desired["fabric"]?["vmId"] is { } instance)
                {
                    instances.Add(instance);
                }

                if ((string?)machine.Observed["host"] is not { } host || RequestOf(machine) is not { } request)
                {
                    continue;
                }

                if (ledger.Restore(machine.Id, host, request))
                {
                    housed.Add((machine.Id, host));
                }
                else
                {
                    homeless.Add(machine.Id);
                }
            }

            continuation = page.Count > 0 ? page[^1].Id.Key : null;
        }
        while (page.Count == PageSize);

        return new LedgerFindings(homeless, housed, instances);
    }

    /// <summary>What a virtual machine has of its host; null when its size is not in the table.</summary>
    private static PlacementRequest? RequestOf(Resource machine)
    {
        var properties = machine.Desired["properties"] as JsonObject;
        // Until a change of size is done, the host keeps a place for the size that it was placed with.
        string? size = (string?)machine.Observed["size"] ?? (string?)properties?["hardwareProfile"]?["vmSize"];
        return VmSizes.Find(size) is { } found
            ? new PlacementRequest(machine.Location, found.Cores, found.MemoryInMB, (string?)properties?["availabilitySet"]?["id"])
            : null;
    }
}
