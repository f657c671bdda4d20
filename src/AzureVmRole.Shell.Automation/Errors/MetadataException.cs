namespace System.Management.Automation;

/// <summary>What an attribute says about a command or an argument is not met.</summary>
public class MetadataException : RuntimeException
{
    /// <summary>Makes an error with the usual message.</summary>
    public MetadataException()
    {
    }

    /// <summary>Makes an error.</summary>
    public MetadataException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an error with a cause.</summary>
    public MetadataException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    private protected override string DefaultErrorId => nameof(MetadataException);

    private protected override ErrorCategory DefaultCategory => ErrorCategory.MetadataError;
}
