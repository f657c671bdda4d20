using System.Management.Automation;
using AzureVmRole.Engine.Compute.Connecting;
using AzureVmRole.Engine.Compute.Instances;

namespace AzureVmRole.PowerShell.Runtime;

/// <summary>A command that starts or stops instances, and shows them afterwards when it is asked to.</summary>
public abstract class InstancePowerCommand : InstanceActionCommand
{
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Starts or stops the instance that the parameters name.</summary>
    private protected abstract Task SwitchAsync(FabricConnection connection, CancellationToken cancellationToken);

    private protected sealed override async Task ActAsync(FabricConnection connection, CancellationToken cancellationToken)
    {
        await SwitchAsync(connection, cancellationToken).ConfigureAwait(false);
        if (PassThru)
        {
            PostObject(await VMInstances.GetAsync(connection, ResourceGroupName, Name, cancellationToken).ConfigureAwait(false));
        }
    }
}
