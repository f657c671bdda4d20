using System.Text.Json.Nodes;

namespace AzureVmRole.Fabric.VirtualMachines;

/// <summary>What a PATCH makes of a document: objects are merged (RFC 7396), arrays and tags are replaced as a whole.</summary>
internal static class VmPatch
{
    /// <summary>The body that a PUT of the result would have.</summary>
    public static JsonObject Merge(JsonObject desired, JsonObject patch)
    {
        var merged = (JsonObject)desired.DeepClone();
        merged.Remove("fabric");
        foreach (KeyValuePair<string, JsonNode?> member in patch)
        {
            if (member.Key is "properties" && member.Value is JsonObject properties && merged["properties"] is JsonObject target)
            {
                Apply(target, properties);
            }
            else
            {
                merged[member.Key] = member.Value?.DeepClone();
            }
        }

        return merged;
    }

    private static void Apply(JsonObject target, JsonObject patch)
    {
        foreach (KeyValuePair<string, JsonNode?> member in patch)
        {
            if (member.Value is null)
            {
                target.Remove(member.Key);
            }
            else if (member.Value is JsonObject part && target[member.Key] is JsonObject inner)
            {
                Apply(inner, part);
            }
            else
            {
                target[member.Key] = member.Value.DeepClone();
            }
        }
    }
}
