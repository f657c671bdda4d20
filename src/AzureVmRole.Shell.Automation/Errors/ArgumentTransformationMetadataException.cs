namespace System.Management.Automation;

/// <summary>An argument cannot be changed as a transformation attribute wants.</summary>
public sealed class ArgumentTransformationMetadataException : MetadataException
{
    /// <summary>Makes an error with the usual message.</summary>
    public ArgumentTransformationMetadataException()
    {
    }

    /// <summary>Makes an error.</summary>
    public ArgumentTransformationMetadataException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an error with a cause.</summary>
    public ArgumentTransformationMetadataException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
