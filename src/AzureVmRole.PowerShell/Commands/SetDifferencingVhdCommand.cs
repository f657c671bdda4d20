using System.Management.Automation;
using AzureVmRole.Engine.Images.Reparenting;
using AzureVmRole.PowerShell.Completion;
using AzureVmRole.PowerShell.Runtime;

namespace AzureVmRole.PowerShell.Commands;

/// <summary>Gives a differencing disk the place of its parent, when the parent was moved or replaced.</summary>
[Cmdlet(VerbsCommon.Set, "DifferencingVhd", DefaultParameterSetName = PathSet, SupportsShouldProcess = true)]
[OutputType(typeof(BaseVhd))]
public sealed class SetDifferencingVhdCommand : OneDiskCommand
{
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(DiskFileCompleter))]
    public string ParentPath { get; set; } = "";

    [Parameter]
    public SwitchParameter IgnoreIdMismatch { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override IEnumerable<CommandWork> PrepareDisk(string file)
    {
        var options = new ReparentOptions
        {
            Path = file,
            ParentPath = FindOneFile(ParentPath, preferLiteral: true),
            IgnoreIdMismatch = IgnoreIdMismatch,
        };
        string action = IgnoreIdMismatch ? "Set the parent, whatever its identity" : "Set the parent";
        if (ShouldProcess($"'{file}' -> '{options.ParentPath}'", action))
        {
            yield return new CommandWork(file, async token =>
            {
                BaseVhd disk = await DiskReparent.ReparentAsync(options, token).ConfigureAwait(false);
                if (PassThru)
                {
                    PostObject(disk);
                }
            });
        }
    }
}
