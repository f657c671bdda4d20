using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AzureVmRole.Daemon.Arm;
using AzureVmRole.Fabric.Resources;

namespace AzureVmRole.Daemon.Endpoints;

/// <summary>
/// The <c>$filter</c> of lists of resources: comparisons with <c>eq</c> and <c>ne</c> of resourceType, name, location, resourceGroup, tagName and
/// tagValue, <c>substringof('part', field)</c> and <c>startswith(field, 'start')</c>; joined by <c>and</c>, which binds first, and <c>or</c>.
/// </summary>
internal sealed partial class ResourceFilter
{
    private readonly List<List<Condition>> _alternatives = [];

    /// <summary>Reads a filter; an empty one matches everything.</summary>
    /// <exception cref="FabricException">It compares something else, or in another way.</exception>
    public static ResourceFilter Parse(string text)
    {
        var filter = new ResourceFilter();
        if (string.IsNullOrWhiteSpace(text))
        {
            filter._alternatives.Add([]);
            return filter;
        }

        filter._alternatives.Add([]);
        int end = 0;
        for (Match match = Term().Match(text); match.Success && match.Index == end && match.Length > 0; match = match.NextMatch())
        {
            end += match.Length;
            filter._alternatives[^1].Add(Condition.Of(match));
            string join = match.Groups["join"].Value;
            if (end == text.Length && join.Length == 0)
            {
                return filter;
            }

            if (join.Equals("or", StringComparison.OrdinalIgnoreCase))
            {
                filter._alternatives.Add([]);
            }
            else if (join.Length == 0)
            {
                break;
            }
        }

        throw ArmErrors.InvalidParameter(
            "$filter",
            $"The query parameter $filter is '{text}'; expected comparisons of resourceType, name, location, resourceGroup, tagName or tagValue with 'eq' or 'ne', "
                + "substringof('part', field) or startswith(field, 'start'), joined by 'and' or 'or'.");
    }

    /// <summary>Whether the filter can match resources of a type at all.</summary>
    public bool CanMatch(ResourceType type) => _alternatives.Exists(all => all.TrueForAll(
        condition => condition.Field != "resourcetype" || condition.Holds(type.FullName)));

    /// <summary>Whether a resource matches.</summary>
    public bool Matches(JsonObject resource) => _alternatives.Exists(all =>
    {
        string? tag = all.Find(condition => condition is { Field: "tagname", Operator: "eq" })?.Value;
        return all.TrueForAll(condition => condition.Field switch
        {
            "tagname" => Tags(resource).Any(pair => condition.Holds(pair.Key)),
            "tagvalue" => Tags(resource).Any(pair => (tag is null || Equal(pair.Key, tag)) && condition.Holds(Text(pair.Value))),
            "resourcetype" => condition.Holds(Text(resource["type"])),
            "resourcegroup" => ResourceId.TryParse(Text(resource["id"]), out ResourceId? id) && condition.Holds(id.GroupName),
            _ => condition.Holds(Text(resource[condition.Field])),
        });
    });

    private static JsonObject Tags(JsonObject resource) => resource["tags"] as JsonObject ?? [];

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private static bool Equal(string? one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(
        @"\s*((?<field>resourceType|name|location|resourceGroup|tagName|tagValue)\s+(?<op>eq|ne)\s+'(?<value>([^']|'')*)'"
        + @"|(?<op>substringof)\s*\(\s*'(?<value>([^']|'')*)'\s*,\s*(?<field>resourceType|name|location|resourceGroup|tagName|tagValue)\s*\)"
        + @"|(?<op>startswith)\s*\(\s*(?<field>resourceType|name|location|resourceGroup|tagName|tagValue)\s*,\s*'(?<value>([^']|'')*)'\s*\))"
        + @"(\s+eq\s+true)?\s*((?<join>and|or)\s)?",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Term();

    private sealed record Condition(string Field, string Operator, string Value)
    {
        public static Condition Of(Match match)
        {
            string field = match.Groups["field"].Value.ToLowerInvariant();
            string value = match.Groups["value"].Value.Replace("''", "'", StringComparison.Ordinal);
            return new Condition(
                field, match.Groups["op"].Value.ToLowerInvariant(), field == "location" ? value.Replace(" ", "", StringComparison.Ordinal) : value);
        }

        /// <summary>Values of tags are compared with regard to case, all else without.</summary>
        public bool Holds(string? found)
        {
            StringComparison comparison = Field == "tagvalue" ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;
            return Operator switch
            {
                "eq" => string.Equals(found, Value, comparison),
                "ne" => !string.Equals(found, Value, comparison),
                "substringof" => found?.Contains(Value, comparison) == true,
                _ => found?.StartsWith(Value, comparison) == true,
            };
        }
    }
}
