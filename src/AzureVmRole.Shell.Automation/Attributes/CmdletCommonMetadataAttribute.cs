using System.Management.Automation.Internal;

namespace System.Management.Automation;

/// <summary>What a cmdlet says about itself as a whole.</summary>
public abstract class CmdletCommonMetadataAttribute : CmdletMetadataAttribute
{
    /// <summary>The parameter set that is taken when the arguments fit several; null when there is none.</summary>
    public string? DefaultParameterSetName { get; set; }

    /// <summary>Whether the cmdlet has -WhatIf and -Confirm.</summary>
    public bool SupportsShouldProcess { get; set; }

    /// <summary>Whether the cmdlet has the paging parameters; the built-in shell does not offer them.</summary>
    public bool SupportsPaging { get; set; }

    /// <summary>Whether the cmdlet takes part in transactions; the built-in shell has none.</summary>
    public bool SupportsTransactions { get; set; }

    /// <summary>How much the cmdlet can destroy. Medium by default.</summary>
    public ConfirmImpact ConfirmImpact { get; set; } = ConfirmImpact.Medium;

    /// <summary>Where the help page is; empty when there is none.</summary>
    public string HelpUri { get; set; } = "";

    /// <summary>How the cmdlet reaches other machines; the built-in shell does not use it.</summary>
    public RemotingCapability RemotingCapability { get; set; } = RemotingCapability.PowerShell;
}
