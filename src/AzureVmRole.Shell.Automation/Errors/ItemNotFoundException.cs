namespace System.Management.Automation;

/// <summary>A path names nothing.</summary>
public sealed class ItemNotFoundException : SessionStateException
{
    /// <summary>Makes an error with the usual message.</summary>
    public ItemNotFoundException()
    {
    }

    /// <summary>Makes an error.</summary>
    public ItemNotFoundException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an error with a cause.</summary>
    public ItemNotFoundException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal ItemNotFoundException(string itemName, string errorId, string message)
        : base(itemName, errorId, message)
    {
    }
}
