using System.Management.Automation;
using AzureVmRole.Engine.Compute.Connecting;
using AzureVmRole.PowerShell.Completion;

namespace AzureVmRole.PowerShell.Runtime;

/// <summary>A command that removes what a VHD is registered as, and the VHD when it is asked to.</summary>
public abstract class RegistrationRemovalCommand : FabricCommand
{
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ResourceGroupCompleter))]
    public string? ResourceGroupName { get; set; }

    [Parameter]
    public SwitchParameter DeleteVhd { get; set; }

    [Parameter]
    public SwitchParameter NoWait { get; set; }

    /// <summary>The name of what goes.</summary>
    private protected abstract string Target { get; }

    /// <summary>Removes it.</summary>
    private protected abstract Task RemoveAsync(FabricConnection connection, CancellationToken cancellationToken);

    private protected sealed override IEnumerable<CommandWork> PrepareRecord()
    {
        if (ShouldProcess($"'{Target}'", DeleteVhd ? "Remove, and delete its VHD" : "Remove the registration; its VHD remains"))
        {
            yield return Ask(Target, RemoveAsync);
        }
    }
}
