namespace AzureVmRole.HelpBuilder.Metadata;

/// <summary>A parameter as its property declares it.</summary>
internal sealed record ParameterEntry
{
    public required string Name { get; init; }

    /// <summary>The type as PowerShell's syntax shows it, for example <c>String[]</c>; a nullable type shows its value type.</summary>
    public required string TypeName { get; init; }

    public required string FullTypeName { get; init; }

    public bool IsSwitch { get; init; }

    public bool SupportsWildcards { get; init; }

    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>The values that can be given: those of ValidateSet or of the enum; empty where any value goes.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>One entry for each ParameterAttribute.</summary>
    public required IReadOnlyList<ParameterSetEntry> Sets { get; init; }

    /// <summary>The entry that holds in a parameter set, or null when the parameter is not in it.</summary>
    public ParameterSetEntry? In(string setName) =>
        Sets.FirstOrDefault(set => set.SetName == setName) ?? Sets.FirstOrDefault(set => set.IsForAllSets);
}
