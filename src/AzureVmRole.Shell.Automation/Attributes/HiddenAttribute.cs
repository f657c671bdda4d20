using System.Management.Automation.Internal;

namespace System.Management.Automation;

/// <summary>Keeps a member out of default views.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Constructor)]
public sealed class HiddenAttribute : ParsingBaseAttribute
{
}
