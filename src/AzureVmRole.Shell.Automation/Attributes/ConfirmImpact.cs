namespace System.Management.Automation;

/// <summary>How much a cmdlet can destroy.</summary>
public enum ConfirmImpact
{
    /// <summary>Nothing: never ask.</summary>
    None = 0,

    /// <summary>Little.</summary>
    Low = 1,

    /// <summary>Something that can be made again.</summary>
    Medium = 2,

    /// <summary>Data: ask unless told otherwise.</summary>
    High = 3,
}
