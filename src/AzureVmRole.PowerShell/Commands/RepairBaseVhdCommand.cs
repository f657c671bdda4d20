using System.Management.Automation;
using AzureVmRole.Engine.Images.Repair;
using AzureVmRole.PowerShell.Runtime;

namespace AzureVmRole.PowerShell.Commands;

/// <summary>Mends what Test-BaseVhd found and can be mended without guessing, and reports both.</summary>
[Cmdlet(VerbsDiagnostic.Repair, "BaseVhd", DefaultParameterSetName = PathSet, SupportsShouldProcess = true)]
[OutputType(typeof(RepairReport))]
public sealed class RepairBaseVhdCommand : ManyDisksCommand
{
    private protected override IEnumerable<CommandWork> PrepareDisk(string file)
    {
        DiskFinding[]? plan = null;
        yield return new CommandWork(file, async token =>
            plan = await DiskRepair.PlanAsync(file, token).ConfigureAwait(false));
        if (plan is null)
        {
            yield break;
        }

        if (plan.Length > 0 && !ShouldProcess($"'{file}'", $"Repair {string.Join(", ", plan.Select(finding => finding.RuleId))}"))
        {
            yield break;
        }

        yield return new CommandWork(file, async token =>
            PostObject(await DiskRepair.RepairAsync(file, token).ConfigureAwait(false)));
    }
}
