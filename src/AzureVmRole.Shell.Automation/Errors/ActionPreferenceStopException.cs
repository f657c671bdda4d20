namespace System.Management.Automation;

/// <summary>An error was written and -ErrorAction is Stop: the script ends.</summary>
public sealed class ActionPreferenceStopException : RuntimeException
{
    /// <summary>Makes an error with the usual message.</summary>
    public ActionPreferenceStopException()
    {
    }

    /// <summary>Makes an error.</summary>
    public ActionPreferenceStopException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an error with a cause.</summary>
    public ActionPreferenceStopException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    internal ActionPreferenceStopException(ErrorRecord errorRecord)
        : base(errorRecord.ToString(), errorRecord.Exception, errorRecord)
    {
    }
}
