namespace System.Management.Automation;

/// <summary>The pipeline was told to stop: by Ctrl-C or by a command that needs no more input.</summary>
public class PipelineStoppedException : RuntimeException
{
    /// <summary>Makes an error with the usual message.</summary>
    public PipelineStoppedException()
        : base("The pipeline has been stopped.")
    {
    }

    /// <summary>Makes an error.</summary>
    public PipelineStoppedException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an error with a cause.</summary>
    public PipelineStoppedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    private protected override string DefaultErrorId => "PipelineStopped";

    private protected override ErrorCategory DefaultCategory => ErrorCategory.OperationStopped;
}
