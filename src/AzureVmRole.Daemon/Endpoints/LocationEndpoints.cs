using System.Text.Json.Nodes;
using AzureVmRole.Daemon.Arm;
using AzureVmRole.Daemon.Http;
using AzureVmRole.Fabric.FrontEnd;
using AzureVmRole.Fabric.Placement;
using AzureVmRole.Fabric.Resources;

namespace AzureVmRole.Daemon.Endpoints;

/// <summary>What a location offers and holds, and the operations that run there.</summary>
internal sealed class LocationEndpoints(FabricDoor door, OperationAnswers operations, ResourceEndpoints resources)
{
    private const string Publishers = "publishers/{publisher}/artifacttypes/vmimage/offers";

    /// <summary>Adds the routes.</summary>
    public void Map(RouteTable routes)
    {
        const string Compute = "subscriptions/{subscription}/providers/Microsoft.Compute/locations/{location}";
        const string Offers = $"{Compute}/{Publishers}";
        routes.Map("GET", $"{Compute}/vmSizes", _ => ArmAnswer.Page([.. VmSizes.All.Select(Size)], null));
        routes.Map("GET", $"{Compute}/usages", Usages);
        routes.Map("GET", $"{Compute}/virtualMachines", request => resources.List(
            request, ResourceType.VirtualMachines, new ListScope(request["subscription"], Location: request["location"])));
        routes.Map("GET", $"{Compute}/operations/{{operation}}", PollAsync);
        routes.Map("GET", $"{Compute}/publishers", _ => ArmAnswer.Ok(new JsonArray()));
        routes.Map("GET", $"{Compute}/publishers/{{publisher}}/artifacttypes/vmextension/types", _ => ArmAnswer.Ok(new JsonArray()));
        routes.Map("GET", Offers, _ => ArmAnswer.Ok(new JsonArray()));
        routes.Map("GET", $"{Offers}/{{offer}}/skus", _ => ArmAnswer.Ok(new JsonArray()));
        routes.Map("GET", $"{Offers}/{{offer}}/skus/{{sku}}/versions", _ => ArmAnswer.Ok(new JsonArray()));
        routes.Map("GET", $"{Offers}/{{offer}}/skus/{{sku}}/versions/{{version}}", ArmAnswer (_) => throw ArmErrors.PlatformImageNotFound());
    }

    private Task<ArmAnswer> PollAsync(ArmRequest request) => request.Query.ContainsKey("monitor")
        ? operations.ResultAsync(request, request["operation"], request.Http.RequestAborted)
        : operations.StatusAsync(request["operation"], request.Http.RequestAborted);

    private ArmAnswer Usages(ArmRequest request)
    {
        var scope = new ListScope(request["subscription"], Location: request["location"]);
        RequestContext context = request.ToContext();
        long cores = (long)door.Options.HostsPerLocation * door.Options.CoresPerHost;
        int usedCores = 0;
        int machines = 0;
        foreach (JsonObject machine in All(ResourceType.VirtualMachines, scope, context))
        {
            machines++;
            usedCores += VmSizes.Find(machine["properties"]?["hardwareProfile"]?["vmSize"]?.ToString())?.Cores ?? 0;
        }

        return ArmAnswer.Page(
            [
                Usage("cores", "Total Regional vCPUs", usedCores, cores),
                Usage("virtualMachines", "Virtual Machines", machines, int.MaxValue),
                Usage("disks", "Disks", All(ResourceType.Disks, scope, context).Count(), int.MaxValue),
            ],
            null);
    }

    private IEnumerable<JsonObject> All(ResourceType type, ListScope scope, RequestContext context)
    {
        string? continuation = null;
        do
        {
            ResourcePage page = door.Of(type).List(scope, continuation, Paging.Longest, context);
            foreach (JsonObject item in page.Items)
            {
                yield return item;
            }

            continuation = page.Continuation;
        }
        while (continuation is not null);
    }

    private static JsonObject Size(VmSize size) => new()
    {
        ["name"] = size.Name,
        ["numberOfCores"] = size.Cores,
        ["osDiskSizeInMB"] = size.OSDiskSizeInMB,
        ["resourceDiskSizeInMB"] = size.ResourceDiskSizeInMB,
        ["memoryInMB"] = size.MemoryInMB,
        ["maxDataDiskCount"] = size.MaxDataDiskCount,
    };

    private static JsonObject Usage(string name, string text, int current, long limit) => new()
    {
        ["unit"] = "Count",
        ["currentValue"] = current,
        ["limit"] = limit,
        ["name"] = new JsonObject { ["value"] = name, ["localizedValue"] = text },
    };
}
