using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace AzureVmRole.Fabric.Guests.Metadata;

/// <summary>What the metadata service says about a guest. It agrees with the provisioning media: agents prefer its keys, names and account to those of the media.</summary>
internal static class MetadataDocument
{
    /// <summary>The document below <c>/metadata/instance</c>.</summary>
    /// <param name="guest">The guest.</param>
    /// <param name="version">A version of <see cref="MetadataVersions.All"/>.</param>
    /// <param name="isExtended">With what is only meant for agents that provision.</param>
    public static JsonObject Make(GuestIdentity guest, string version, bool isExtended)
    {
        JsonObject compute = Compute(guest);
        foreach (string name in MetadataVersions.FirstOfMember.Where(member => !MetadataVersions.Has(version, member.Value)).Select(static member => member.Key))
        {
            compute.Remove(name);
        }

        var document = new JsonObject { ["compute"] = compute };
        if (isExtended && MetadataVersions.Has(version, MetadataVersions.FirstExtended))
        {
            document["extended"] = new JsonObject
            {
                ["compute"] = new JsonObject { ["hasCustomData"] = guest.CustomData is not null, ["ppsType"] = "None" },
            };
        }

        document["network"] = Network(guest);
        return document;
    }

    private static JsonObject Compute(GuestIdentity guest) => new()
    {
        ["azEnvironment"] = "AzurePublicCloud",
        ["customData"] = "",
        ["evictionPolicy"] = "",
        ["extendedLocation"] = new JsonObject { ["name"] = "", ["type"] = "" },
        ["isHostCompatibilityLayerVm"] = "false",
        ["licenseType"] = "",
        ["location"] = guest.Location,
        ["name"] = guest.Name,
        ["offer"] = "",
        ["osProfile"] = new JsonObject
        {
            ["adminUsername"] = guest.AdminUserName ?? "",
            ["computerName"] = guest.ComputerName,
            ["disablePasswordAuthentication"] = guest.IsPasswordDisabled ? "true" : "false",
        },
        ["osType"] = guest.OSType,
        ["placementGroupId"] = "",
        ["plan"] = new JsonObject { ["name"] = "", ["product"] = "", ["publisher"] = "" },
        ["platformFaultDomain"] = "0",
        ["platformUpdateDomain"] = "0",
        ["priority"] = "",
        ["provider"] = "Microsoft.Compute",
        ["publicKeys"] = new JsonArray([.. guest.Keys.Select(static key => new JsonObject { ["keyData"] = key.Value, ["path"] = key.Path })]),
        ["publisher"] = "",
        ["resourceGroupName"] = guest.ResourceGroupName,
        ["resourceId"] = $"/subscriptions/{guest.SubscriptionId}/resourceGroups/{guest.ResourceGroupName}/providers/Microsoft.Compute/virtualMachines/{guest.Name}",
        ["securityProfile"] = new JsonObject { ["secureBootEnabled"] = "false", ["virtualTpmEnabled"] = "false" },
        ["sku"] = "",
        ["storageProfile"] = Storage(guest),
        ["subscriptionId"] = guest.SubscriptionId,
        ["tags"] = string.Join(';', guest.Tags.Select(static tag => $"{tag.Key}:{tag.Value}")),
        ["tagsList"] = new JsonArray([.. guest.Tags.Select(static tag => new JsonObject { ["name"] = tag.Key, ["value"] = tag.Value })]),
        ["userData"] = guest.UserData ?? "",
        ["version"] = "",
        ["virtualMachineScaleSet"] = new JsonObject { ["id"] = "" },
        ["vmId"] = guest.InstanceId,
        ["vmScaleSetName"] = "",
        ["vmSize"] = guest.Size,
        ["zone"] = "",
    };

    private static JsonObject Storage(GuestIdentity guest) => new()
    {
        ["dataDisks"] = new JsonArray(
        [
            .. guest.DataDisks.Select(static disk => new JsonObject
            {
                ["caching"] = disk.Caching,
                ["createOption"] = "Attach",
                ["diskSizeGB"] = Text(disk.SizeInGB),
                ["lun"] = Text(disk.Lun),
                ["managedDisk"] = new JsonObject { ["id"] = disk.Id },
                ["name"] = disk.Name,
                ["writeAcceleratorEnabled"] = "false",
            }),
        ]),
        ["imageReference"] = new JsonObject { ["id"] = "", ["offer"] = "", ["publisher"] = "", ["sku"] = "", ["version"] = "" },
        ["osDisk"] = new JsonObject { ["createOption"] = "FromImage", ["osType"] = guest.OSType },
    };

    private static JsonObject Network(GuestIdentity guest) => new()
    {
        ["interface"] = new JsonArray(
            new JsonObject
            {
                ["ipv4"] = new JsonObject
                {
                    ["ipAddress"] = new JsonArray(new JsonObject { ["privateIpAddress"] = guest.Address.ToString(), ["publicIpAddress"] = "" }),
                    ["subnet"] = new JsonArray(new JsonObject { ["address"] = NetworkOf(guest).ToString(), ["prefix"] = Text(guest.PrefixLength) }),
                },
                ["ipv6"] = new JsonObject { ["ipAddress"] = new JsonArray() },
                ["macAddress"] = guest.Adapter.ToString(),
            }),
    };

    /// <summary>The address of the network that the guest is in.</summary>
    private static IPAddress NetworkOf(GuestIdentity guest)
    {
        byte[] bytes = guest.Address.GetAddressBytes();
        if (guest.Address.AddressFamily != AddressFamily.InterNetwork)
        {
            return guest.Address;
        }

        for (int bit = Math.Max(0, guest.PrefixLength); bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] = (byte)(bytes[bit / 8] & ~(0x80 >> (bit % 8)));
        }

        return new IPAddress(bytes);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
