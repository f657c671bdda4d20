namespace System.Management.Automation;

/// <summary>A line is not of the language.</summary>
public sealed class ParseException : RuntimeException
{
    /// <summary>Makes an error with the usual message.</summary>
    public ParseException()
    {
    }

    /// <summary>Makes an error.</summary>
    public ParseException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an error with a cause.</summary>
    public ParseException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    private protected override string DefaultErrorId => "ParseError";

    private protected override ErrorCategory DefaultCategory => ErrorCategory.ParserError;
}
