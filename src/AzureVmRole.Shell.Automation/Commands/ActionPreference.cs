namespace System.Management.Automation;

/// <summary>
/// What to do with something that was written to a stream. The built-in shell does not offer Inquire and Break.
/// </summary>
public enum ActionPreference
{
    /// <summary>Keep quiet and go on.</summary>
    SilentlyContinue = 0,

    /// <summary>End the pipeline and the script.</summary>
    Stop = 1,

    /// <summary>Show it and go on.</summary>
    Continue = 2,

    /// <summary>Keep quiet and forget it.</summary>
    Ignore = 4,
}
