namespace System.Management.Automation;

/// <summary>There is no command of that name.</summary>
public sealed class CommandNotFoundException : RuntimeException
{
    /// <summary>Makes an error with the usual message.</summary>
    public CommandNotFoundException()
    {
    }

    /// <summary>Makes an error.</summary>
    public CommandNotFoundException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an error with a cause.</summary>
    public CommandNotFoundException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>The name.</summary>
    public string CommandName { get; set; } = "";

    private protected override string DefaultErrorId => "CommandNotFoundException";

    private protected override ErrorCategory DefaultCategory => ErrorCategory.ObjectNotFound;
}
