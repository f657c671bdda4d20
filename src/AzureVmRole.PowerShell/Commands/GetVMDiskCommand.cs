using System.Management.Automation;
using AzureVmRole.Engine.Compute.Disks;
using AzureVmRole.PowerShell.Completion;
using AzureVmRole.PowerShell.Runtime;

namespace AzureVmRole.PowerShell.Commands;

/// <summary>Shows disks.</summary>
[Cmdlet(VerbsCommon.Get, "VMDisk")]
[OutputType(typeof(VMDisk))]
public sealed class GetVMDiskCommand : FabricCommand
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(VMDiskCompleter))]
    public string[] DiskName { get; set; } = [];

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ResourceGroupCompleter))]
    public string? ResourceGroupName { get; set; }

    private protected override IEnumerable<CommandWork> PrepareRecord() => Find(DiskName, ResourceGroupName, VMDisks.FindAsync);
}
