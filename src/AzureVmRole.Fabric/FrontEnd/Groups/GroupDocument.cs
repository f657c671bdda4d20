using System.Text.Json.Nodes;
using AzureVmRole.Fabric.Resources;

namespace AzureVmRole.Fabric.FrontEnd.Groups;

/// <summary>A resource group in ARM's shape.</summary>
internal static class GroupDocument
{
    /// <summary>Puts what a body says into what is kept; what it does not name stays.</summary>
    /// <param name="desired">What is kept.</param>
    /// <param name="body">The body.</param>
    /// <param name="tags">Its tags; null when it has none.</param>
    public static JsonObject Merge(JsonObject desired, JsonObject body, JsonObject? tags)
    {
        if (tags is not null)
        {
            desired["tags"] = tags;
        }

        if (body["managedBy"] is { } managedBy)
        {
            desired["managedBy"] = managedBy.DeepClone();
        }

        return desired;
    }

    /// <summary>The group as clients get it.</summary>
    public static JsonObject Write(Resource group)
    {
        JsonObject document = Head(group);
        document["properties"] = new JsonObject { ["provisioningState"] = group.State.ToString() };
        return document;
    }

    /// <summary>A resource as the listing of everything in a group gives it.</summary>
    public static JsonObject WriteMember(Resource resource) => Head(resource);

    private static JsonObject Head(Resource resource)
    {
        var document = new JsonObject
        {
            ["id"] = resource.Id.Text,
            ["name"] = resource.Id.Name,
            ["type"] = resource.Id.Type.FullName,
            ["location"] = resource.Location,
        };
        foreach (string member in (string[])["managedBy", "tags", "sku", "zones"])
        {
            if (resource.Desired[member] is { } value)
            {
                document[member] = value.DeepClone();
            }
        }

        return document;
    }
}
