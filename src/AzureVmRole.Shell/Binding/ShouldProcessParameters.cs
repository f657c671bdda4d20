using System.Management.Automation;

namespace AzureVmRole.Shell.Binding;

/// <summary>The parameters of cmdlets that support ShouldProcess.</summary>
internal sealed class ShouldProcessParameters
{
    [Parameter]
    [Alias("wi")]
    public SwitchParameter WhatIf { get; set; }

    /// <summary>Null when the user did not say: then the cmdlet's impact decides.</summary>
    [Parameter]
    [Alias("cf")]
    public SwitchParameter? Confirm { get; set; }
}
