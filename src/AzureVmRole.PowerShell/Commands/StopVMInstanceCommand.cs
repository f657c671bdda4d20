using System.Management.Automation;
using AzureVmRole.Engine.Compute.Connecting;
using AzureVmRole.Engine.Compute.Instances;
using AzureVmRole.PowerShell.Runtime;

namespace AzureVmRole.PowerShell.Commands;

/// <summary>Stops an instance.</summary>
[Cmdlet(VerbsLifecycle.Stop, "VMInstance", SupportsShouldProcess = true)]
[OutputType(typeof(VMInstance))]
public sealed class StopVMInstanceCommand : InstancePowerCommand
{
    [Parameter]
    public SwitchParameter Deallocate { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override string Action => (Force ? "Switch off" : "Shut down") + (Deallocate ? " and deallocate" : "");

    private protected override Task SwitchAsync(FabricConnection connection, CancellationToken cancellationToken) =>
        VMInstances.StopAsync(connection, ResourceGroupName, Name, Deallocate, Force, Waiting(NoWait), cancellationToken);
}
