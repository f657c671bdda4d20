namespace System.Management.Automation;

/// <summary>The arguments of a command do not fit its parameters.</summary>
public sealed class ParameterBindingException : RuntimeException
{
    /// <summary>Makes an error with the usual message.</summary>
    public ParameterBindingException()
    {
    }

    /// <summary>Makes an error.</summary>
    public ParameterBindingException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an error with a cause.</summary>
    public ParameterBindingException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal ParameterBindingException(
        string errorId, ErrorCategory category, string parameterName, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        ErrorId = errorId;
        ParameterName = parameterName;
        SetErrorRecord(new ErrorRecord(this, errorId, category, targetObject: null));
    }

    /// <summary>The error id.</summary>
    public string ErrorId { get; } = nameof(ParameterBindingException);

    /// <summary>The parameter; empty when it is about none.</summary>
    public string ParameterName { get; } = "";
}
