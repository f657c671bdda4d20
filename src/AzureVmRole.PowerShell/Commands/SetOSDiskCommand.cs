using System.Management.Automation;
using AzureVmRole.PowerShell.Runtime;

namespace AzureVmRole.PowerShell.Commands;

/// <summary>Sets the caching of the disk that an instance starts from.</summary>
[Cmdlet(VerbsCommon.Set, "OSDisk", SupportsShouldProcess = true)]
[OutputType(typeof(VMInstance))]
public sealed class SetOSDiskCommand : VMInstanceCommand
{
    [Parameter(Mandatory = true, Position = 0)]
    public HostCaching HostCaching { get; set; }

    private protected override IEnumerable<CommandWork> PrepareRecord()
    {
        if (VMInstance is { } instance)
        {
            Note(instance, new VMChange { Kind = VMChangeKind.SetOSDisk, HostCaching = HostCaching });
        }

        return [];
    }
}
