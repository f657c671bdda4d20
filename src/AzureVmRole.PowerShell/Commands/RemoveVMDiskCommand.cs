using System.Management.Automation;
using AzureVmRole.Engine.Compute.Connecting;
using AzureVmRole.Engine.Compute.Disks;
using AzureVmRole.PowerShell.Completion;
using AzureVmRole.PowerShell.Runtime;

namespace AzureVmRole.PowerShell.Commands;

/// <summary>Removes the registration of a disk.</summary>
[Cmdlet(VerbsCommon.Remove, "VMDisk", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(VMDisk))]
public sealed class RemoveVMDiskCommand : RegistrationRemovalCommand
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(VMDiskCompleter))]
    public string DiskName { get; set; } = "";

    private protected override string Target => DiskName;

    private protected override Task RemoveAsync(FabricConnection connection, CancellationToken cancellationToken) =>
        VMDisks.RemoveAsync(connection, ResourceGroupName, DiskName, DeleteVhd, Waiting(NoWait), cancellationToken);
}
