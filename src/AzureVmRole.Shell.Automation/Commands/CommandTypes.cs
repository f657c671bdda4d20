namespace System.Management.Automation;

/// <summary>Kinds of command.</summary>
[Flags]
public enum CommandTypes
{
    /// <summary>Another name of a command.</summary>
    Alias = 1,

    /// <summary>A function.</summary>
    Function = 2,

    /// <summary>A filter.</summary>
    Filter = 4,

    /// <summary>A compiled command.</summary>
    Cmdlet = 8,

    /// <summary>A script file.</summary>
    ExternalScript = 16,

    /// <summary>A program.</summary>
    Application = 32,

    /// <summary>A script block.</summary>
    Script = 64,

    /// <summary>A configuration.</summary>
    Configuration = 256,

    /// <summary>Any kind.</summary>
    All = 383,
}
