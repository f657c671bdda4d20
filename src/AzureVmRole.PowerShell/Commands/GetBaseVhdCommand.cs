using System.Management.Automation;
using AzureVmRole.Engine.Images.Inspection;
using AzureVmRole.PowerShell.Runtime;

namespace AzureVmRole.PowerShell.Commands;

/// <summary>Shows what a virtual disk is: format, type, sizes, parent, partitions.</summary>
[Cmdlet(VerbsCommon.Get, "BaseVhd", DefaultParameterSetName = PathSet)]
[OutputType(typeof(BaseVhd))]
public sealed class GetBaseVhdCommand : ManyDisksCommand
{
    private protected override IEnumerable<CommandWork> PrepareDisk(string file)
    {
        yield return new CommandWork(file, async token =>
        {
            BaseVhd disk = await DiskInspection.InspectAsync(file, token).ConfigureAwait(false);
            foreach (DiskFinding finding in disk.Findings.Where(finding => finding.Severity >= FindingSeverity.Warning))
            {
                PostWarning($"{file}: {finding.Found} {finding.Remedy}");
            }

            PostObject(disk);
        });
    }
}
