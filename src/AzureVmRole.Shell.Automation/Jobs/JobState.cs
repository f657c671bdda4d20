namespace System.Management.Automation;

/// <summary>Where a job stands.</summary>
public enum JobState
{
    /// <summary>It has not begun.</summary>
    NotStarted = 0,

    /// <summary>It is being done.</summary>
    Running = 1,

    /// <summary>It was done to its end.</summary>
    Completed = 2,

    /// <summary>It could not be done.</summary>
    Failed = 3,

    /// <summary>It was stopped.</summary>
    Stopped = 4,
}
