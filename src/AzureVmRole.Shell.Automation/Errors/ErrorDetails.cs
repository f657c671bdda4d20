namespace System.Management.Automation;

/// <summary>A message that is shown in place of the exception's, and what to do.</summary>
public sealed class ErrorDetails
{
    /// <summary>Sets the message.</summary>
    public ErrorDetails(string message)
    {
        Message = message;
    }

    /// <summary>The message.</summary>
    public string Message { get; }

    /// <summary>What the user can do; empty when there is nothing.</summary>
    public string RecommendedAction { get; set; } = "";

    /// <inheritdoc/>
    public override string ToString() => Message;
}
