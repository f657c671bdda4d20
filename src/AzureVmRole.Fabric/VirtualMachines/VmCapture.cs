using System.Text.Json.Nodes;
using AzureVmRole.Fabric.Resources;

namespace AzureVmRole.Fabric.VirtualMachines;

/// <summary>The capture action: the OS disk as a new VHD in the place that Azure gives it, and a template that makes a virtual machine of it.</summary>
internal static class VmCapture
{
    /// <summary>The blob that a capture writes: <c>system/Microsoft.Compute/Images/CONTAINER/PREFIX-osDisk.VMID.vhd</c>.</summary>
    public static string BlobOf(string vmId, string container, string prefix) => $"system/Microsoft.Compute/Images/{container}/{prefix}-osDisk.{vmId}.vhd";

    /// <summary>What a capture gives ("Virtual Machines - Capture").</summary>
    /// <param name="machine">The virtual machine.</param>
    /// <param name="document">It as it was asked for.</param>
    /// <param name="blobUri">The new VHD.</param>
    public static JsonObject Result(Resource machine, VmDocument document, Uri blobUri)
    {
        var osDisk = new JsonObject
        {
            ["osType"] = document.OSType,
            ["name"] = document.OSDisk.Name,
            ["createOption"] = "FromImage",
            ["image"] = new JsonObject { ["uri"] = blobUri.AbsoluteUri },
            ["caching"] = document.OSDisk.Caching,
        };
        var resource = new JsonObject
        {
            ["apiVersion"] = "2023-07-01",
            ["type"] = ResourceType.VirtualMachines.FullName,
            ["name"] = "[parameters('vmName')]",
            ["location"] = machine.Location,
            ["properties"] = new JsonObject
            {
                ["hardwareProfile"] = new JsonObject { ["vmSize"] = "[parameters('vmSize')]" },
                ["storageProfile"] = new JsonObject { ["osDisk"] = osDisk },
            },
        };
        return new JsonObject
        {
            ["$schema"] = "http://schema.management.azure.com/schemas/2014-04-01-preview/VM_IP.json",
            ["contentVersion"] = "1.0.0.0",
            ["id"] = machine.Id.Text,
            ["parameters"] = new JsonObject
            {
                ["vmName"] = new JsonObject { ["type"] = "string" },
                ["vmSize"] = new JsonObject { ["type"] = "string", ["defaultValue"] = document.Size },
            },
            ["resources"] = new JsonArray(resource),
            ["fabric"] = new JsonObject { ["blobUri"] = blobUri.AbsoluteUri, ["osState"] = "Generalized", ["osType"] = document.OSType },
        };
    }
}
