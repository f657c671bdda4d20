namespace System.Management.Automation;

/// <summary>Why ShouldProcess answered no.</summary>
[Flags]
public enum ShouldProcessReason
{
    /// <summary>The user said no, or the answer was yes.</summary>
    None = 0,

    /// <summary>-WhatIf was given.</summary>
    WhatIf = 1,
}
