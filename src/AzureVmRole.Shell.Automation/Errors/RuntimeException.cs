namespace System.Management.Automation;

/// <summary>Base of the errors that the shell raises.</summary>
public class RuntimeException : SystemException, IContainsErrorRecord
{
    private ErrorRecord? _errorRecord;

    /// <summary>Makes an error with the usual message.</summary>
    public RuntimeException()
    {
    }

    /// <summary>Makes an error.</summary>
    public RuntimeException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an error with a cause.</summary>
    public RuntimeException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Makes an error with a cause and its report.</summary>
    public RuntimeException(string message, Exception? innerException, ErrorRecord? errorRecord)
        : base(message, innerException)
    {
        _errorRecord = errorRecord;
    }

    /// <summary>The report.</summary>
    public virtual ErrorRecord ErrorRecord =>
        _errorRecord ??= new ErrorRecord(this, DefaultErrorId, DefaultCategory, targetObject: null);

    private protected virtual string DefaultErrorId => nameof(RuntimeException);

    private protected virtual ErrorCategory DefaultCategory => ErrorCategory.NotSpecified;

    internal void SetErrorRecord(ErrorRecord errorRecord) => _errorRecord = errorRecord;
}
