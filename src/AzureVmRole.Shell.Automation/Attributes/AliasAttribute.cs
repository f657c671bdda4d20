using System.Management.Automation.Internal;

namespace System.Management.Automation;

/// <summary>Gives other names to a parameter or a command.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property | AttributeTargets.Class)]
public sealed class AliasAttribute : ParsingBaseAttribute
{
    /// <summary>Gives the names in <paramref name="aliasNames"/>.</summary>
    public AliasAttribute(params string[] aliasNames)
    {
        AliasNames = aliasNames;
    }

    /// <summary>The other names.</summary>
    public IList<string> AliasNames { get; }
}
