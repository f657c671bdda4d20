using System.Management.Automation;
using AzureVmRole.Engine.Compute.Connecting;
using AzureVmRole.Engine.Compute.Instances;
using AzureVmRole.PowerShell.Completion;
using AzureVmRole.PowerShell.Runtime;

namespace AzureVmRole.PowerShell.Commands;

/// <summary>Restarts an instance.</summary>
[Cmdlet(VerbsLifecycle.Restart, "VMInstance", SupportsShouldProcess = true)]
[OutputType(typeof(VMInstance))]
public sealed class RestartVMInstanceCommand : FabricCommand
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

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override IEnumerable<CommandWork> PrepareRecord()
    {
        string name = Name;
        string? group = ResourceGroupName;
        if (ShouldProcess($"'{name}'", "Restart"))
        {
            yield return new CommandWork(name, async token =>
            {
                FabricConnection connection = await ConnectedAsync(token).ConfigureAwait(false);
                VMInstance instance = await VMInstances.RestartAsync(connection, group, name, Waiting(NoWait), token).ConfigureAwait(false);
                if (PassThru)
                {
                    PostObject(instance);
                }
            });
        }
    }
}
