using System.Management.Automation;
using AzureVmRole.Engine.Compute.Connecting;
using AzureVmRole.Engine.Compute.Instances;
using AzureVmRole.PowerShell.Runtime;

namespace AzureVmRole.PowerShell.Commands;

/// <summary>Restarts an instance.</summary>
[Cmdlet(VerbsLifecycle.Restart, "VMInstance", SupportsShouldProcess = true)]
[OutputType(typeof(VMInstance))]
public sealed class RestartVMInstanceCommand : InstancePowerCommand
{
    private protected override string Action => "Restart";

    private protected override Task SwitchAsync(FabricConnection connection, CancellationToken cancellationToken) =>
        VMInstances.RestartAsync(connection, ResourceGroupName, Name, Waiting(NoWait), cancellationToken);
}
