namespace System.Management.Automation;

/// <summary>A path starts with a provider that does not exist.</summary>
public sealed class ProviderNotFoundException : SessionStateException
{
    /// <summary>Makes an error with the usual message.</summary>
    public ProviderNotFoundException()
    {
    }

    /// <summary>Makes an error.</summary>
    public ProviderNotFoundException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an error with a cause.</summary>
    public ProviderNotFoundException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal ProviderNotFoundException(string itemName, string errorId, string message)
        : base(itemName, errorId, message)
    {
    }
}
