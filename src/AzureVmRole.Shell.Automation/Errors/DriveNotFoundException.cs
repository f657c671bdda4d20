namespace System.Management.Automation;

/// <summary>A path starts with a drive that does not exist.</summary>
public sealed class DriveNotFoundException : SessionStateException
{
    /// <summary>Makes an error with the usual message.</summary>
    public DriveNotFoundException()
    {
    }

    /// <summary>Makes an error.</summary>
    public DriveNotFoundException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an error with a cause.</summary>
    public DriveNotFoundException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal DriveNotFoundException(string itemName, string errorId, string message)
        : base(itemName, errorId, message)
    {
    }
}
