using System.Text.Json.Nodes;
using AzureVmRole.Fabric.Resources;

namespace AzureVmRole.Fabric.VirtualMachines;

/// <summary>The new OS disk of a virtual machine that is made anew from its image.</summary>
internal static class VmReimage
{
    private const int LongestNameInDisk = 36;

    /// <summary>The document with the new disk, and the claim of it.</summary>
    public static (JsonObject Desired, VmDiskClaim Claim) Prepare(Resource machine, VmDocument before, string imageId)
    {
        string name = machine.Id.Name;
        ResourceId diskId = machine.Id.Of(ResourceType.Disks, $"{name[..Math.Min(name.Length, LongestNameInDisk)]}_OsDisk_1_{Guid.NewGuid():N}");
        var desired = (JsonObject)machine.Desired.DeepClone();
        var osDisk = (JsonObject)desired["properties"].At("storageProfile", "osDisk")!;
        osDisk["name"] = diskId.Name;
        osDisk["managedDisk"]!["id"] = diskId.Text;
        var properties = new JsonObject
        {
            ["creationData"] = new JsonObject { ["createOption"] = "FromImage", ["imageReference"] = new JsonObject { ["id"] = imageId } },
            ["osType"] = before.OSType,
            ["hyperVGeneration"] = before.Intent.IsGeneration2 ? "V2" : "V1",
        };
        if (osDisk.Number("diskSizeGB") is { } size)
        {
            properties["diskSizeGB"] = size;
        }

        string sku = osDisk.Text("managedDisk", "storageAccountType") ?? "Standard_LRS";
        return (desired, new VmDiskClaim(diskId, null, new JsonObject { ["sku"] = new JsonObject { ["name"] = sku }, ["properties"] = properties }));
    }
}
