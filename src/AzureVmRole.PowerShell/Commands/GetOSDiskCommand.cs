using System.Management.Automation;
using AzureVmRole.PowerShell.Runtime;

namespace AzureVmRole.PowerShell.Commands;

/// <summary>Shows the disk that an instance starts from.</summary>
[Cmdlet(VerbsCommon.Get, "OSDisk")]
[OutputType(typeof(OSDisk))]
public sealed class GetOSDiskCommand : VMInstanceCommand
{
    private protected override IEnumerable<CommandWork> PrepareRecord()
    {
        WriteObject(VMInstance?.OSDisk);
        return [];
    }
}
