using System.Management.Automation;
using AzureVmRole.Engine.Compute.Connecting;
using AzureVmRole.Engine.Compute.Instances;
using AzureVmRole.PowerShell.Runtime;

namespace AzureVmRole.PowerShell.Commands;

/// <summary>Removes an instance. Its disks remain.</summary>
[Cmdlet(VerbsCommon.Remove, "VMInstance", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(VMInstance))]
public sealed class RemoveVMInstanceCommand : InstanceActionCommand
{
    private protected override string Action => "Remove the instance; its disks remain";

    private protected override Task ActAsync(FabricConnection connection, CancellationToken cancellationToken) =>
        VMInstances.RemoveAsync(connection, ResourceGroupName, Name, Waiting(NoWait), cancellationToken);
}
