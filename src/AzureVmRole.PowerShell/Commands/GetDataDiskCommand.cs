using System.Management.Automation;
using AzureVmRole.PowerShell.Runtime;

namespace AzureVmRole.PowerShell.Commands;

/// <summary>Shows the data disks of an instance.</summary>
[Cmdlet(VerbsCommon.Get, "DataDisk")]
[OutputType(typeof(DataDisk))]
public sealed class GetDataDiskCommand : VMInstanceCommand
{
    [Parameter(Position = 0)]
    [ValidateRange(0, 63)]
    public int? LUN { get; set; }

    private protected override IEnumerable<CommandWork> PrepareRecord()
    {
        DataDisk[] disks = [.. VMInstance?.DataDisks ?? []];
        WriteObject(disks.Where(disk => LUN is null || disk.Lun == LUN).ToArray(), enumerateCollection: true);
        return [];
    }
}
