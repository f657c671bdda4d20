using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AzureVmRole.Fabric.Resources;

namespace AzureVmRole.Fabric.FrontEnd.Groups;

/// <summary>The <c>$filter</c> of a listing of groups: <c>tagName eq 'a' and tagValue eq 'b'</c>, the second half optional.</summary>
internal sealed partial class TagFilter
{
    private readonly string? _name;
    private readonly string? _value;

    private TagFilter(string? name, string? value)
    {
        _name = name;
        _value = value;
    }

    /// <summary>Reads a filter; null or empty for everything.</summary>
    /// <exception cref="FabricException">It is another one.</exception>
    public static TagFilter Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return new TagFilter(null, null);
        }

        Match match = Pattern().Match(text);
        return match.Success
            ? new TagFilter(Unquote(match.Groups["name"]), match.Groups["value"].Success ? Unquote(match.Groups["value"]) : null)
            : throw new FabricException(
                HttpStatusCode.BadRequest, "InvalidFilterInQueryString", "$filter",
                $"The filter '{text}' is not known, expected tagName eq 'name', or tagName eq 'name' and tagValue eq 'value'.", "Correct the filter.");
    }

    /// <summary>Whether a group passes. Names of tags are compared without regard to case, values with.</summary>
    public bool Matches(Resource group) => _name is null
        || (group.Desired["tags"] is JsonObject tags
            && tags.Any(tag => tag.Key.Equals(_name, StringComparison.OrdinalIgnoreCase) && (_value is null || (string?)tag.Value == _value)));

    private static string Unquote(Group group) => group.Value.Replace("''", "'", StringComparison.Ordinal);

    [GeneratedRegex(
        @"^\s*tagName\s+eq\s+'(?<name>([^']|'')*)'(\s+and\s+tagValue\s+eq\s+'(?<value>([^']|'')*)')?\s*$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Pattern();
}
