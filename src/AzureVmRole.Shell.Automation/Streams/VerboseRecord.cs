namespace System.Management.Automation;

/// <summary>A decision or a retry, kept for whoever asks.</summary>
public sealed class VerboseRecord(string message)
{
    /// <summary>The text.</summary>
    public string Message { get; } = message;
}
