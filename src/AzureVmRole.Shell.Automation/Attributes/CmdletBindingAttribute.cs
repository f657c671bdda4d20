namespace System.Management.Automation;

/// <summary>Marks an advanced function; on a class it has no effect.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class CmdletBindingAttribute : CmdletCommonMetadataAttribute
{
    /// <summary>Whether parameters bind by position. True by default.</summary>
    public bool PositionalBinding { get; set; } = true;
}
