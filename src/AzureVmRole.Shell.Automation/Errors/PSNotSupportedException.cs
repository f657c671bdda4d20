namespace System.Management.Automation;

/// <summary>A <see cref="NotSupportedException"/> that knows how PowerShell reports it.</summary>
public sealed class PSNotSupportedException : NotSupportedException, IContainsErrorRecord
{
    private ErrorRecord? _errorRecord;

    /// <summary>Makes an error with the usual message.</summary>
    public PSNotSupportedException()
    {
    }

    /// <summary>Makes an error.</summary>
    public PSNotSupportedException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an error with a cause.</summary>
    public PSNotSupportedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>The report.</summary>
    public ErrorRecord ErrorRecord =>
        _errorRecord ??= new ErrorRecord(this, "NotSupported", ErrorCategory.NotImplemented, targetObject: null);
}
