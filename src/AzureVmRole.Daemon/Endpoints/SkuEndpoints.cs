using System.Globalization;
using System.Text.Json.Nodes;
using AzureVmRole.Daemon.Arm;
using AzureVmRole.Daemon.Http;
using AzureVmRole.Fabric.Placement;

namespace AzureVmRole.Daemon.Endpoints;

/// <summary>What can be had where: sizes of virtual machines and kinds of disks, in the shape of Azure's resource SKUs, one of each for each location.</summary>
internal sealed class SkuEndpoints(FabricDoor door)
{
    private static readonly string[] DiskNames = ["Standard_LRS", "StandardSSD_LRS", "Premium_LRS"];

    /// <summary>Adds the routes.</summary>
    public void Map(RouteTable routes) => routes.Map("GET", "subscriptions/{subscription}/providers/Microsoft.Compute/skus", List);

    private ArmAnswer List(ArmRequest request)
    {
        var filter = ResourceFilter.Parse(request.Query.GetValueOrDefault("$filter", ""));
        JsonObject[] all =
        [
            .. door.Options.Locations
                .Where(location => filter.Matches(new JsonObject { ["location"] = location }))
                .SelectMany(location => (IEnumerable<JsonObject>)
                [
                    .. DiskNames.Select(name => Sku("disks", name, name.Split('_')[0], null, location)),
                    .. DiskNames.Take(1).Select(name => Sku("snapshots", name, name.Split('_')[0], null, location)),
                    .. VmSizes.All.Select(size => Machine(size, location)),
                ]),
        ];
        int start = Paging.Continuation(request) is not { } text
            ? 0
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
                ? number
                : throw ArmErrors.InvalidParameter("$skiptoken", "The query parameter $skiptoken is none that this fabric gave.");
        int top = Paging.Top(request);
        string? next = start < all.Length - top ? (start + top).ToString(CultureInfo.InvariantCulture) : null;
        return ArmAnswer.Page([.. all.Skip(start).Take(top)], Paging.NextLink(request, next));
    }

    private static JsonObject Machine(VmSize size, string location)
    {
        string[] parts = size.Name.Split('_', 2);
        JsonObject sku = Sku("virtualMachines", size.Name, parts.Length == 2 ? parts[0] : "Standard", parts[^1], location);
        sku["capabilities"] = new JsonArray(
            Capability("MaxResourceVolumeMB", size.ResourceDiskSizeInMB),
            Capability("OSVhdSizeMB", size.OSDiskSizeInMB),
            Capability("vCPUs", size.Cores),
            Capability("vCPUsAvailable", size.Cores),
            Capability("MemoryGB", size.MemoryInMB / 1024.0),
            Capability("MaxDataDiskCount", size.MaxDataDiskCount),
            Capability("HyperVGenerations", "V1,V2"),
            Capability("DiskControllerTypes", "SCSI,NVMe"),
            Capability("CpuArchitectureType", "x64"),
            Capability("PremiumIO", "True"),
            Capability("EphemeralOSDiskSupported", "False"),
            Capability("EncryptionAtHostSupported", "False"),
            Capability("AcceleratedNetworkingEnabled", "False"));
        return sku;
    }

    private static JsonObject Sku(string type, string name, string tier, string? size, string location)
    {
        var sku = new JsonObject
        {
            ["resourceType"] = type,
            ["name"] = name,
            ["tier"] = tier,
            ["locations"] = new JsonArray(location),
            ["locationInfo"] = new JsonArray(new JsonObject { ["location"] = location, ["zones"] = new JsonArray(), ["zoneDetails"] = new JsonArray() }),
            ["capabilities"] = new JsonArray(),
            ["restrictions"] = new JsonArray(),
        };
        if (size is not null)
        {
            sku["size"] = size;
        }

        return sku;
    }

    private static JsonObject Capability(string name, IConvertible value) =>
        new() { ["name"] = name, ["value"] = value.ToString(CultureInfo.InvariantCulture) };
}
