namespace System.Management.Automation;

/// <summary>A message for the terminal, as Write-Host makes it.</summary>
public sealed class HostInformationMessage
{
    /// <summary>The text.</summary>
    public string Message { get; set; } = "";

    /// <summary>Whether the line goes on after the text.</summary>
    public bool? NoNewLine { get; set; }

    /// <inheritdoc/>
    public override string ToString() => Message;
}
