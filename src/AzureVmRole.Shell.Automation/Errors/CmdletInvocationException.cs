namespace System.Management.Automation;

/// <summary>A cmdlet ended the pipeline with an error.</summary>
public sealed class CmdletInvocationException : RuntimeException
{
    /// <summary>Makes an error with the usual message.</summary>
    public CmdletInvocationException()
    {
    }

    /// <summary>Makes an error.</summary>
    public CmdletInvocationException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an error with a cause.</summary>
    public CmdletInvocationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    internal CmdletInvocationException(ErrorRecord errorRecord)
        : base(errorRecord.ToString(), errorRecord.Exception, errorRecord)
    {
    }
}
