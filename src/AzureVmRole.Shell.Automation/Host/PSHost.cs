namespace System.Management.Automation.Host;

/// <summary>The program that cmdlets run in.</summary>
public abstract class PSHost
{
    /// <summary>Its way to the user.</summary>
    public abstract PSHostUserInterface UI { get; }
}
