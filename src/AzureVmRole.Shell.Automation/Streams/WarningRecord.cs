namespace System.Management.Automation;

/// <summary>What the user should act on, kept for whoever asks.</summary>
public sealed class WarningRecord(string message)
{
    /// <summary>The text.</summary>
    public string Message { get; } = message;
}
