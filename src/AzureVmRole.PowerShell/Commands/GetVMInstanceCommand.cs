using System.Management.Automation;
using AzureVmRole.Engine.Compute;
using AzureVmRole.Engine.Compute.Connecting;
using AzureVmRole.Engine.Compute.Instances;
using AzureVmRole.PowerShell.Completion;
using AzureVmRole.PowerShell.Runtime;

namespace AzureVmRole.PowerShell.Commands;

/// <summary>Shows instances.</summary>
[Cmdlet(VerbsCommon.Get, "VMInstance")]
[OutputType(typeof(VMInstance))]
public sealed class GetVMInstanceCommand : FabricCommand
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(VMInstanceCompleter))]
    public string[] Name { get; set; } = [];

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ResourceGroupCompleter))]
    public string? ResourceGroupName { get; set; }

    private protected override IEnumerable<CommandWork> PrepareRecord() => Name.Length == 0 ? [Read(null)] : Name.Select(Read);

    private CommandWork Read(string? name)
    {
        var query = new ResourceQuery { Name = name, ResourceGroupName = ResourceGroupName };
        return new CommandWork(name ?? "*", async token =>
        {
            FabricConnection connection = await ConnectedAsync(token).ConfigureAwait(false);
            await foreach (VMInstance found in VMInstances.FindAsync(connection, query, token).ConfigureAwait(false))
            {
                PostObject(found);
            }
        });
    }
}
