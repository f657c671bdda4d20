using System.Management.Automation;
using AzureVmRole.Engine.Compute.Connecting;
using AzureVmRole.PowerShell.Completion;

namespace AzureVmRole.PowerShell.Runtime;

/// <summary>A command that has something done to instances, by their names.</summary>
public abstract class InstanceActionCommand : FabricCommand
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

    /// <summary>What is done, as ShouldProcess says it.</summary>
    private protected abstract string Action { get; }

    /// <summary>Does it to the instance that the parameters name.</summary>
    private protected abstract Task ActAsync(FabricConnection connection, CancellationToken cancellationToken);

    private protected sealed override IEnumerable<CommandWork> PrepareRecord()
    {
        if (ShouldProcess($"'{Name}'", Action))
        {
            yield return Ask(Name, ActAsync);
        }
    }
}
