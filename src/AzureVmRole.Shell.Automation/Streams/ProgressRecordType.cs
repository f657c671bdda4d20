namespace System.Management.Automation;

/// <summary>Whether an activity goes on.</summary>
public enum ProgressRecordType
{
    /// <summary>It goes on.</summary>
    Processing = 0,

    /// <summary>It has ended.</summary>
    Completed = 1,
}
