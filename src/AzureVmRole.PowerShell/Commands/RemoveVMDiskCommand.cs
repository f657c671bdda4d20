using System.Management.Automation;
using AzureVmRole.Engine.Compute.Connecting;
using AzureVmRole.Engine.Compute.Disks;
using AzureVmRole.PowerShell.Completion;
using AzureVmRole.PowerShell.Runtime;

namespace AzureVmRole.PowerShell.Commands;

/// <summary>Removes the registration of a disk.</summary>
[Cmdlet(VerbsCommon.Remove, "VMDisk", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(VMDisk))]
public sealed class RemoveVMDiskCommand : FabricCommand
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(VMDiskCompleter))]
    public string DiskName { get; set; } = "";

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ResourceGroupCompleter))]
    public string? ResourceGroupName { get; set; }

    [Parameter]
    public SwitchParameter DeleteVhd { get; set; }

    [Parameter]
    public SwitchParameter NoWait { get; set; }

    private protected override IEnumerable<CommandWork> PrepareRecord()
    {
        string name = DiskName;
        string? group = ResourceGroupName;
        if (ShouldProcess($"'{name}'", (DeleteVhd ? "Remove, and delete its VHD" : "Remove the registration; its VHD remains")))
        {
            yield return new CommandWork(name, async token =>
            {
                FabricConnection connection = await ConnectedAsync(token).ConfigureAwait(false);
                await VMDisks.RemoveAsync(connection, group, name, DeleteVhd, Waiting(NoWait), token).ConfigureAwait(false);
            });
        }
    }
}
