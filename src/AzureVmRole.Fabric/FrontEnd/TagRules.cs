using System.Net;
using System.Text.Json.Nodes;

namespace AzureVmRole.Fabric.FrontEnd;

/// <summary>What tags can be ("Use tags to organize your Azure resources": limitations).</summary>
internal static class TagRules
{
    private const int MostTags = 50;
    private const int LongestName = 512;
    private const int LongestValue = 256;

    /// <summary>The tags of a body, to be kept; null when it has none.</summary>
    /// <exception cref="FabricException">They are no object of strings, too many, or too long.</exception>
    public static JsonObject? Read(JsonObject body)
    {
        if (body["tags"] is not { } node)
        {
            return null;
        }

        if (node is not JsonObject tags)
        {
            throw Refuse("InvalidTags", $"The tags are a JSON {node.GetValueKind()}, expected an object of strings.");
        }

        if (tags.Count > MostTags)
        {
            throw Refuse("TagsLimitExceeded", $"There are {tags.Count} tags, expected {MostTags} at most.");
        }

        foreach ((string name, JsonNode? value) in tags)
        {
            if (name.Length is 0 or > LongestName)
            {
                throw Refuse("InvalidTagName", $"The name of a tag has {name.Length} characters, expected 1 to {LongestName}.");
            }

            if (value is not JsonValue scalar || !scalar.TryGetValue(out string? text) || text.Length > LongestValue)
            {
                throw Refuse("InvalidTagValue", $"The value of the tag '{name}' is no string of {LongestValue} characters at most.");
            }
        }

        return (JsonObject)tags.DeepClone();
    }

    private static FabricException Refuse(string code, string message) => new(HttpStatusCode.BadRequest, code, "tags", message, "Correct the tags.");
}
