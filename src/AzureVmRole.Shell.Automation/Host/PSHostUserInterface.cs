namespace System.Management.Automation.Host;

/// <summary>What a cmdlet says to the user past its streams.</summary>
public abstract class PSHostUserInterface
{
    /// <summary>Shows a warning, also of a command that was stopped.</summary>
    public abstract void WriteWarningLine(string message);
}
