using System.Text.Json.Nodes;
using AzureVmRole.Fabric.Placement;
using AzureVmRole.Fabric.Resources;

namespace AzureVmRole.Fabric.VirtualMachines;

/// <summary>A virtual machine in ARM's shape.</summary>
internal static class VmView
{
    /// <summary>The resource.</summary>
    /// <param name="machine">It.</param>
    /// <param name="withInstanceView">Whether the instance view goes with it.</param>
    public static JsonObject Write(Resource machine, bool withInstanceView)
    {
        JsonObject view = Head(machine);
        foreach (KeyValuePair<string, JsonNode?> member in machine.Desired)
        {
            if (member.Key is not ("fabric" or "properties") && !view.ContainsKey(member.Key))
            {
                view[member.Key] = member.Value?.DeepClone();
            }
        }

        var properties = (JsonObject)machine.Desired["properties"]!.DeepClone();
        AddState(properties, machine);
        if (withInstanceView)
        {
            properties["instanceView"] = VmInstanceView.Write(machine);
        }

        view["etag"] = machine.ETag;
        view["properties"] = properties;
        return view;
    }

    /// <summary>The resource with nothing but its status (<c>statusOnly=true</c>).</summary>
    public static JsonObject WriteStatus(Resource machine)
    {
        JsonObject view = Head(machine);
        var properties = new JsonObject();
        AddState(properties, machine);
        properties["instanceView"] = VmInstanceView.Write(machine);
        view["properties"] = properties;
        return view;
    }

    /// <summary>The sizes that a virtual machine can have, in the shape of <c>vmSizes</c>.</summary>
    public static JsonObject WriteSizes(IEnumerable<VmSize> sizes) => new()
    {
        ["value"] = new JsonArray(
        [
            .. sizes.Select(size => new JsonObject
            {
                ["name"] = size.Name,
                ["numberOfCores"] = size.Cores,
                ["osDiskSizeInMB"] = size.OSDiskSizeInMB,
                ["resourceDiskSizeInMB"] = size.ResourceDiskSizeInMB,
                ["memoryInMB"] = size.MemoryInMB,
                ["maxDataDiskCount"] = size.MaxDataDiskCount,
            }),
        ]),
    };

    private static JsonObject Head(Resource machine) => new()
    {
        ["id"] = machine.Id.Text,
        ["name"] = machine.Id.Name,
        ["type"] = machine.Id.Type.FullName,
        ["location"] = machine.Location,
    };

    private static void AddState(JsonObject properties, Resource machine)
    {
        properties["vmId"] = machine.Desired.Text("fabric", "vmId");
        properties["provisioningState"] = machine.State.ToString();
        properties["timeCreated"] = JsonReading.Format(machine.Created);
    }
}
