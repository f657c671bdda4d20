namespace System.Management.Automation;

/// <summary>Names a cmdlet.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class CmdletAttribute : CmdletCommonMetadataAttribute
{
    /// <summary>Names a cmdlet by its verb and its noun.</summary>
    public CmdletAttribute(string verbName, string nounName)
    {
        VerbName = verbName;
        NounName = nounName;
    }

    /// <summary>The part of the name after the hyphen.</summary>
    public string NounName { get; }

    /// <summary>The part of the name before the hyphen.</summary>
    public string VerbName { get; }
}
