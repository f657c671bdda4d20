using System.Management.Automation;
using AzureVmRole.PowerShell.Runtime;

namespace AzureVmRole.PowerShell.Commands;

/// <summary>Lists the disks in storage.</summary>
[Cmdlet(VerbsCommon.Get, "VhdBlob")]
[OutputType(typeof(VhdBlob))]
public sealed class GetVhdBlobCommand : StorageCommand
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Name { get; set; } = [];

    [Parameter]
    public SwitchParameter IncludeSnapshot { get; set; }

    [Parameter]
    public SwitchParameter IncludeDeleted { get; set; }

    [Parameter]
    public SwitchParameter All { get; set; }

    private protected override IEnumerable<CommandWork> PrepareRecord() => [];
}
