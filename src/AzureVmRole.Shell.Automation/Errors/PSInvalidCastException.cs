namespace System.Management.Automation;

/// <summary>A <see cref="InvalidCastException"/> that knows how PowerShell reports it.</summary>
public sealed class PSInvalidCastException : InvalidCastException, IContainsErrorRecord
{
    private ErrorRecord? _errorRecord;

    /// <summary>Makes an error with the usual message.</summary>
    public PSInvalidCastException()
    {
    }

    /// <summary>Makes an error.</summary>
    public PSInvalidCastException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an error with a cause.</summary>
    public PSInvalidCastException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>The report.</summary>
    public ErrorRecord ErrorRecord =>
        _errorRecord ??= new ErrorRecord(this, "InvalidCast", ErrorCategory.InvalidArgument, targetObject: null);
}
