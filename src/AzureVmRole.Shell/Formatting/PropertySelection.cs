using System.Management.Automation;

namespace AzureVmRole.Shell.Formatting;

/// <summary>Picks properties of an object by name or wildcard.</summary>
internal static class PropertySelection
{
    /// <summary>Returns the names that exist, or a name without wildcards as it is.</summary>
    public static List<string> Names(object value, IReadOnlyList<string> patterns)
    {
        PSMemberInfoCollection<PSPropertyInfo> properties = PSObject.AsPSObject(value).Properties;
        List<string> names = [];
        foreach (string pattern in patterns)
        {
            if (!WildcardPattern.ContainsWildcardCharacters(pattern))
            {
                names.Add(properties[pattern]?.Name ?? pattern);
                continue;
            }

            WildcardPattern wildcard = new(pattern, WildcardOptions.IgnoreCase);
            names.AddRange(properties
                .Where(property => wildcard.IsMatch(property.Name) && !names.Contains(property.Name))
                .Select(property => property.Name));
        }

        return names;
    }

    /// <summary>Returns a new object that has the chosen properties.</summary>
    public static PSObject Select(object value, IReadOnlyList<string> patterns)
    {
        var source = PSObject.AsPSObject(value);
        PSObject result = new();
        result.TypeNames.Insert(0, "Selected." + source.TypeNames[0]);
        foreach (string name in Names(value, patterns))
        {
            result.Properties.Add(new PSNoteProperty(name, source.Properties[name]?.Value));
        }

        return result;
    }
}
