namespace System.Management.Automation.Internal;

/// <summary>Base of the attributes that the parameter binder reads.</summary>
public abstract class ParsingBaseAttribute : CmdletMetadataAttribute
{
}
