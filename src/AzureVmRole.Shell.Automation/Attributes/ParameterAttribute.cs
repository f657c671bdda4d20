using System.Management.Automation.Internal;

namespace System.Management.Automation;

/// <summary>Makes a property a parameter of its cmdlet, in all parameter sets or in the one that is named.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property, AllowMultiple = true)]
public sealed class ParameterAttribute : ParsingBaseAttribute
{
    /// <summary>The name that stands for every parameter set.</summary>
    public const string AllParameterSets = "__AllParameterSets";

    /// <summary>The argument's position among the unnamed ones; <see cref="int.MinValue"/> when it has none.</summary>
    public int Position { get; set; } = int.MinValue;

    /// <summary>The parameter set that these settings are for.</summary>
    public string ParameterSetName { get; set; } = AllParameterSets;

    /// <summary>Whether the cmdlet cannot run without the parameter.</summary>
    public bool Mandatory { get; set; }

    /// <summary>Whether a whole object from the pipeline binds.</summary>
    public bool ValueFromPipeline { get; set; }

    /// <summary>Whether a property of an object from the pipeline binds.</summary>
    public bool ValueFromPipelineByPropertyName { get; set; }

    /// <summary>Whether the parameter takes all arguments that nothing else took.</summary>
    public bool ValueFromRemainingArguments { get; set; }

    /// <summary>A short text about the parameter.</summary>
    public string? HelpMessage { get; set; }

    /// <summary>The resource file of <see cref="HelpMessageResourceId"/>.</summary>
    public string? HelpMessageBaseName { get; set; }

    /// <summary>The resource that holds the help message.</summary>
    public string? HelpMessageResourceId { get; set; }

    /// <summary>Whether completion leaves the parameter out.</summary>
    public bool DontShow { get; set; }
}
