using System.Text.Json.Nodes;

namespace AzureVmRole.Daemon.Arm;

/// <summary>
/// Azure reads the names of members in any case of letters ("Location", "VMSize"); what follows here knows one spelling of each. Names that the fabric does
/// not know, and those of tags, stay as they are.
/// </summary>
internal static class MemberNames
{
    private const string Tags = "tags";

    private static readonly Dictionary<string, string> Known = new[]
    {
        Tags, "location", "properties", "sku", "name", "tier", "zones", "identity", "plan", "managedBy", "extendedLocation", "id", "operation",
        "creationData", "createOption", "sourceUri", "sourceResourceId", "imageReference", "diskSizeGB", "diskSizeBytes", "osType", "hyperVGeneration",
        "access", "durationInSeconds",
        "storageProfile", "osDisk", "dataDisks", "diskControllerType", "blobUri", "managedDisk", "snapshot", "caching", "osState", "sourceVirtualMachine", "storageAccountType",
        "hardwareProfile", "vmSize", "osProfile", "computerName", "adminUsername", "linuxConfiguration", "windowsConfiguration", "networkProfile",
        "networkInterfaces", "diagnosticsProfile", "securityProfile", "lun", "vhd", "uri", "deleteOption", "toBeDetached", "publisher", "offer", "version",
        "vhdPrefix", "destinationContainerName", "overwriteVhds", "commandId",
    }.ToDictionary(name => name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Gives the members of a document, at any depth, the spelling that the fabric knows; a member that is there in both stays.</summary>
    public static JsonObject Restore(JsonObject document)
    {
        foreach (string name in document.Select(member => member.Key).ToList())
        {
            if (Known.TryGetValue(name, out string? known) && known != name && !document.ContainsKey(known))
            {
                JsonNode? value = document[name];
                document.Remove(name);
                document[known] = value;
            }
        }

        foreach ((string name, JsonNode? value) in document)
        {
            if (name != Tags)
            {
                Restore(value);
            }
        }

        return document;
    }

    private static void Restore(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject document:
                Restore(document);
                break;
            case JsonArray items:
                foreach (JsonNode? item in items)
                {
                    Restore(item);
                }

                break;
            default:
                break;
        }
    }
}
