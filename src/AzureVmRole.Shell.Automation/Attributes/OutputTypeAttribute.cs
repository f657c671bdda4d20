using System.Management.Automation.Internal;

namespace System.Management.Automation;

/// <summary>Says what a cmdlet writes to the pipeline.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class OutputTypeAttribute : CmdletMetadataAttribute
{
    /// <summary>Names the types by their reflection objects.</summary>
    public OutputTypeAttribute(params Type[] type)
    {
        Type = Array.ConvertAll(type, item => new PSTypeName(item));
    }

    /// <summary>Names the types by their full names.</summary>
    public OutputTypeAttribute(params string[] type)
    {
        Type = Array.ConvertAll(type, item => new PSTypeName(item));
    }

    /// <summary>The types.</summary>
    public PSTypeName[] Type { get; }

    /// <summary>The parameter sets for which this holds.</summary>
    public string[] ParameterSetName { get; set; } = [ParameterAttribute.AllParameterSets];

    /// <summary>The provider cmdlet that this is about; empty when there is none.</summary>
    public string ProviderCmdlet { get; set; } = "";
}
