namespace System.Management.Automation;

/// <summary>How a <see cref="WildcardPattern"/> matches.</summary>
[Flags]
public enum WildcardOptions
{
    /// <summary>Case matters.</summary>
    None = 0,

    /// <summary>No effect here.</summary>
    Compiled = 1,

    /// <summary>Case does not matter.</summary>
    IgnoreCase = 2,

    /// <summary>No effect here: all matching is invariant.</summary>
    CultureInvariant = 4,
}
