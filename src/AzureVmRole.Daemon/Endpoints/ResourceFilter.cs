using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AzureVmRole.Daemon.Arm;
using AzureVmRole.Fabric.Resources;

namespace AzureVmRole.Daemon.Endpoints;

/// <summary>
/// The <c>$filter</c> of lists of resources and groups: comparisons with <c>eq</c>, joined by <c>and</c>, of resourceType, name, location, resourceGroup,
/// tagName and tagValue.
/// </summary>
internal sealed partial class ResourceFilter
{
    private readonly List<(string Field, string Value)> _comparisons = [];

    /// <summary>Reads a filter; an empty one matches everything.</summary>
    /// <exception cref="FabricException">It compares something else, or in another way.</exception>
    public static ResourceFilter Parse(string text)
    {
        var filter = new ResourceFilter();
        foreach (string comparison in And().Split(text).Where(part => part.Trim().Length > 0))
        {
            Match match = Comparison().Match(comparison);
            if (!match.Success)
            {
                throw ArmErrors.InvalidParameter(
                    "$filter",
                    $"The query parameter $filter is '{text}'; expected comparisons of resourceType, name, location, resourceGroup, tagName or tagValue with 'eq', joined by 'and'.");
            }

            filter._comparisons.Add((match.Groups["field"].Value.ToLowerInvariant(), match.Groups["value"].Value.Replace("''", "'", StringComparison.Ordinal)));
        }

        return filter;
    }

    /// <summary>Whether the filter can match resources of a type at all.</summary>
    public bool CanMatch(ResourceType type) => _comparisons.TrueForAll(comparison => comparison.Field != "resourcetype" || Equal(type.FullName, comparison.Value));

    /// <summary>Whether a resource matches.</summary>
    public bool Matches(JsonObject resource)
    {
        string? tag = _comparisons.Find(comparison => comparison.Field == "tagname").Value;
        return _comparisons.TrueForAll(comparison => comparison.Field switch
        {
            "tagname" => Tags(resource).Any(pair => Equal(pair.Key, comparison.Value)),
            "tagvalue" => Tags(resource).Any(pair => (tag is null || Equal(pair.Key, tag)) && Text(pair.Value) == comparison.Value),
            "resourcetype" => Equal(Text(resource["type"]), comparison.Value),
            "resourcegroup" => ResourceId.TryParse(Text(resource["id"]), out ResourceId? id) && Equal(id.GroupName, comparison.Value),
            _ => Equal(Text(resource[comparison.Field]), comparison.Value),
        });
    }

    private static JsonObject Tags(JsonObject resource) => resource["tags"] as JsonObject ?? [];

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private static bool Equal(string? one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"\s+and\s+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex And();

    [GeneratedRegex(
        @"^\s*(?<field>resourceType|name|location|resourceGroup|tagName|tagValue)\s+eq\s+'(?<value>([^']|'')*)'\s*$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Comparison();
}
