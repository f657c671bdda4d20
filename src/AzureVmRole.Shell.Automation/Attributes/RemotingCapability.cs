namespace System.Management.Automation;

/// <summary>How a cmdlet reaches other machines.</summary>
public enum RemotingCapability
{
    /// <summary>Not at all.</summary>
    None = 0,

    /// <summary>Through PowerShell remoting.</summary>
    PowerShell = 1,

    /// <summary>By PowerShell remoting or by its own protocol.</summary>
    SupportedByCommand = 2,

    /// <summary>By its own protocol only.</summary>
    OwnedByCommand = 3,
}
