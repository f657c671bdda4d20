namespace System.Management.Automation.Internal;

/// <summary>Base of all attributes that describe cmdlets and their parameters.</summary>
public abstract class CmdletMetadataAttribute : Attribute
{
}
