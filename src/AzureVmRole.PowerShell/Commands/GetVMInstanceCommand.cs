using System.Management.Automation;
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

    private protected override IEnumerable<CommandWork> PrepareRecord() => Find(Name, ResourceGroupName, VMInstances.FindAsync);
}
