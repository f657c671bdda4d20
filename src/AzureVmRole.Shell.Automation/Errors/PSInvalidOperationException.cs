namespace System.Management.Automation;

/// <summary>A <see cref="InvalidOperationException"/> that knows how PowerShell reports it.</summary>
public sealed class PSInvalidOperationException : InvalidOperationException, IContainsErrorRecord
{
    private ErrorRecord? _errorRecord;

    /// <summary>Makes an error with the usual message.</summary>
    public PSInvalidOperationException()
    {
    }

    /// <summary>Makes an error.</summary>
    public PSInvalidOperationException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an error with a cause.</summary>
    public PSInvalidOperationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>The report.</summary>
    public ErrorRecord ErrorRecord =>
        _errorRecord ??= new ErrorRecord(this, "InvalidOperation", ErrorCategory.InvalidOperation, targetObject: null);
}
