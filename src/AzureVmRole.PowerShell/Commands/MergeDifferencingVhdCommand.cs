using System.Management.Automation;
using AzureVmRole.Engine.Images.Merging;
using AzureVmRole.PowerShell.Completion;
using AzureVmRole.PowerShell.Runtime;

namespace AzureVmRole.PowerShell.Commands;

/// <summary>Merges a differencing disk into its parent or a farther ancestor, or the whole chain into a new disk.</summary>
[Cmdlet(
    VerbsData.Merge,
    "DifferencingVhd",
    DefaultParameterSetName = PathSet,
    SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(BaseVhd))]
public sealed class MergeDifferencingVhdCommand : OneDiskCommand
{
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DiskFileCompleter))]
    public string? DestinationPath { get; set; }

    [Parameter]
    [ValidateSet(nameof(AzureVmRole.VhdType.Fixed), nameof(AzureVmRole.VhdType.Dynamic))]
    public VhdType VHDType { get; set; } = AzureVmRole.VhdType.Fixed;

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override IEnumerable<CommandWork> PrepareDisk(string file)
    {
        var options = new DiskMergeOptions
        {
            Path = file,
            DestinationPath = DestinationPath is null ? null : ResolveTarget(DestinationPath),
            Type = VHDType,
            Overwrite = Force,
        };
        MergeOutline? outline = null;
        yield return new CommandWork(file, async token =>
            outline = await DiskMerge.OutlineAsync(options, token).ConfigureAwait(false));
        if (outline is null || !ShouldProcess($"'{file}' -> '{outline.TargetPath}'", Describe(outline)))
        {
            yield break;
        }

        yield return new CommandWork(file, async token =>
        {
            BaseVhd merged = await DiskMerge.MergeAsync(options, Progress, token).ConfigureAwait(false);
            if (outline.IsNewDisk)
            {
                RememberWritten(outline.TargetPath);
            }

            if (PassThru)
            {
                PostObject(merged);
            }
        });
    }

    private string Describe(MergeOutline outline)
    {
        if (outline.IsNewDisk)
        {
            return $"Merge the whole chain into a new {DiskSize.Describe(VHDType)} disk, leaving the chain as it is{Replacing(outline.TargetPath, Force)}";
        }

        string removed = string.Join(", ", outline.RemovedPaths.Reverse().Select(path => $"'{System.IO.Path.GetFileName(path)}'"));
        return outline.IsInterrupted
            ? $"Finish the interrupted merge into the ancestor, and remove {removed}"
            : $"Change the ancestor by merging into it (other differences on it become useless), and remove {removed}";
    }
}
