namespace AzureVmRole.HelpBuilder.Metadata;

/// <summary>What a ParameterAttribute says about a parameter in one parameter set, or in all of them.</summary>
internal sealed record ParameterSetEntry
{
    /// <summary>PowerShell's name for "every parameter set".</summary>
    public const string AllSets = "__AllParameterSets";

    public string SetName { get; init; } = AllSets;

    public bool IsForAllSets => SetName == AllSets;

    public bool IsMandatory { get; init; }

    /// <summary>The position, from 0; null for a parameter that must be named.</summary>
    public int? Position { get; init; }

    public bool FromPipeline { get; init; }

    public bool FromPipelineByPropertyName { get; init; }
}
