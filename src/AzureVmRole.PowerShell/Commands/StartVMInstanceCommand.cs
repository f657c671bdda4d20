using System.Management.Automation;
using AzureVmRole.Engine.Compute.Connecting;
using AzureVmRole.Engine.Compute.Instances;
using AzureVmRole.PowerShell.Runtime;

namespace AzureVmRole.PowerShell.Commands;

/// <summary>Starts an instance.</summary>
[Cmdlet(VerbsLifecycle.Start, "VMInstance", SupportsShouldProcess = true)]
[OutputType(typeof(VMInstance))]
public sealed class StartVMInstanceCommand : InstancePowerCommand
{
    private protected override string Action => "Start";

    private protected override Task SwitchAsync(FabricConnection connection, CancellationToken cancellationToken) =>
        VMInstances.StartAsync(connection, ResourceGroupName, Name, Waiting(NoWait), cancellationToken);
}
