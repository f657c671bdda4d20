using System.Management.Automation;
using AzureVmRole.Engine.Compute.Images;
using AzureVmRole.PowerShell.Completion;
using AzureVmRole.PowerShell.Runtime;

namespace AzureVmRole.PowerShell.Commands;

/// <summary>Shows images.</summary>
[Cmdlet(VerbsCommon.Get, "VMImage")]
[OutputType(typeof(VMImage))]
public sealed class GetVMImageCommand : FabricCommand
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(VMImageCompleter))]
    public string[] ImageName { get; set; } = [];

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ResourceGroupCompleter))]
    public string? ResourceGroupName { get; set; }

    private protected override IEnumerable<CommandWork> PrepareRecord() => Find(ImageName, ResourceGroupName, VMImages.FindAsync);
}
