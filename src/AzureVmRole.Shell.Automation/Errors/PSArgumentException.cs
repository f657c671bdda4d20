namespace System.Management.Automation;

/// <summary>A <see cref="ArgumentException"/> that knows how PowerShell reports it.</summary>
public sealed class PSArgumentException : ArgumentException, IContainsErrorRecord
{
    private ErrorRecord? _errorRecord;

    /// <summary>Makes an error with the usual message.</summary>
    public PSArgumentException()
    {
    }

    /// <summary>Makes an error.</summary>
    public PSArgumentException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an error with a cause.</summary>
    public PSArgumentException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Makes an error about a parameter.</summary>
    public PSArgumentException(string message, string paramName)
        : base(message, paramName)
    {
    }

    /// <summary>The report.</summary>
    public ErrorRecord ErrorRecord =>
        _errorRecord ??= new ErrorRecord(this, "Argument", ErrorCategory.InvalidArgument, targetObject: null);
}
