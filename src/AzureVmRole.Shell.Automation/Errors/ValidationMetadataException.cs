namespace System.Management.Automation;

/// <summary>An argument does not pass a validation attribute.</summary>
public sealed class ValidationMetadataException : MetadataException
{
    /// <summary>Makes an error with the usual message.</summary>
    public ValidationMetadataException()
    {
    }

    /// <summary>Makes an error.</summary>
    public ValidationMetadataException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an error with a cause.</summary>
    public ValidationMetadataException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
