namespace System.Management.Automation;

/// <summary>A name is not known to the session.</summary>
public class SessionStateException : RuntimeException
{
    /// <summary>Makes an error with the usual message.</summary>
    public SessionStateException()
    {
    }

    /// <summary>Makes an error.</summary>
    public SessionStateException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an error with a cause.</summary>
    public SessionStateException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal SessionStateException(string itemName, string errorId, string message)
        : base(message)
    {
        ItemName = itemName;
        SetErrorRecord(new ErrorRecord(this, errorId, ErrorCategory.ObjectNotFound, itemName));
    }

    /// <summary>The name.</summary>
    public string ItemName { get; } = "";
}
