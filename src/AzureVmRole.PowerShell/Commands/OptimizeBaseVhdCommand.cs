using System.Management.Automation;
using AzureVmRole.Engine.Images.Optimization;
using AzureVmRole.PowerShell.Runtime;

namespace AzureVmRole.PowerShell.Commands;

/// <summary>Drops the blocks of a disk that hold only zeros.</summary>
[Cmdlet(VerbsCommon.Optimize, "BaseVhd", DefaultParameterSetName = PathSet, SupportsShouldProcess = true)]
[OutputType(typeof(BaseVhd))]
public sealed class OptimizeBaseVhdCommand : ManyDisksCommand
{
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override IEnumerable<CommandWork> PrepareDisk(string file)
    {
        if (ShouldProcess($"'{file}'", "Drop blocks that hold only zeros"))
        {
            yield return new CommandWork(file, async token =>
            {
                BaseVhd disk = await DiskOptimization.OptimizeAsync(file, Progress, token).ConfigureAwait(false);
                if (PassThru)
                {
                    PostObject(disk);
                }
            });
        }
    }
}
