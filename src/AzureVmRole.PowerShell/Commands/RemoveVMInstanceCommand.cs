using System.Management.Automation;
using AzureVmRole.Engine.Compute.Connecting;
using AzureVmRole.Engine.Compute.Instances;
using AzureVmRole.PowerShell.Completion;
using AzureVmRole.PowerShell.Runtime;

namespace AzureVmRole.PowerShell.Commands;

/// <summary>Removes an instance. Its disks remain.</summary>
[Cmdlet(VerbsCommon.Remove, "VMInstance", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(VMInstance))]
public sealed class RemoveVMInstanceCommand : FabricCommand
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(VMInstanceCompleter))]
    public string Name { get; set; } = "";

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ResourceGroupCompleter))]
    public string? ResourceGroupName { get; set; }

    [Parameter]
    public SwitchParameter NoWait { get; set; }

    private protected override IEnumerable<CommandWork> PrepareRecord()
    {
        string name = Name;
        string? group = ResourceGroupName;
        if (ShouldProcess($"'{name}'", "Remove the instance; its disks remain"))
        {
            yield return new CommandWork(name, async token =>
            {
                FabricConnection connection = await ConnectedAsync(token).ConfigureAwait(false);
                await VMInstances.RemoveAsync(connection, group, name, Waiting(NoWait), token).ConfigureAwait(false);
            });
        }
    }
}
