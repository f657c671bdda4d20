using System.Management.Automation;
using AzureVmRole.PowerShell.Runtime;

namespace AzureVmRole.PowerShell.Commands;

/// <summary>Detaches a data disk. The disk remains.</summary>
[Cmdlet(VerbsCommon.Remove, "DataDisk", SupportsShouldProcess = true)]
[OutputType(typeof(VMInstance))]
public sealed class RemoveDataDiskCommand : VMInstanceCommand
{
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateRange(0, 63)]
    public int LUN { get; set; }

    private protected override IEnumerable<CommandWork> PrepareRecord()
    {
        if (VMInstance is { } instance)
        {
            Note(instance, new VMChange { Kind = VMChangeKind.RemoveDataDisk, Lun = LUN });
        }

        return [];
    }
}
