using System.Management.Automation;
using AzureVmRole.PowerShell.Runtime;

namespace AzureVmRole.PowerShell.Commands;

/// <summary>Sets the caching of a data disk.</summary>
[Cmdlet(VerbsCommon.Set, "DataDisk", SupportsShouldProcess = true)]
[OutputType(typeof(VMInstance))]
public sealed class SetDataDiskCommand : VMInstanceCommand
{
    [Parameter(Mandatory = true, Position = 0)]
    public HostCaching HostCaching { get; set; }

    [Parameter(Mandatory = true, Position = 1)]
    [ValidateRange(0, 63)]
    public int LUN { get; set; }

    private protected override IEnumerable<CommandWork> PrepareRecord()
    {
        if (VMInstance is { } instance)
        {
            Note(instance, new VMChange { Kind = VMChangeKind.SetDataDisk, Lun = LUN, HostCaching = HostCaching });
        }

        return [];
    }
}
