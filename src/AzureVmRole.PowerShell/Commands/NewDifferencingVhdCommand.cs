using System.Management.Automation;
using AzureVmRole.Engine.Images.Creation;
using AzureVmRole.PowerShell.Completion;
using AzureVmRole.PowerShell.Runtime;

namespace AzureVmRole.PowerShell.Commands;

/// <summary>Makes a disk that holds what will differ from its parent.</summary>
[Cmdlet(VerbsCommon.New, "DifferencingVhd", SupportsShouldProcess = true)]
[OutputType(typeof(BaseVhd))]
public sealed class NewDifferencingVhdCommand : AsyncCommand
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DiskFileCompleter))]
    public string[] Path { get; set; } = [];

    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(DiskFileCompleter))]
    public string ParentPath { get; set; } = "";

    [Parameter]
    public uint? BlockSizeBytes { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override IEnumerable<CommandWork> PrepareRecord()
    {
        string parent = FindOneFile(ParentPath, preferLiteral: true);
        return Path.SelectMany(ResolveTargetOrReport).SelectMany(file => PrepareDifference(file, parent));
    }

    private IEnumerable<CommandWork> PrepareDifference(string file, string parent)
    {
        var options = new DifferenceCreationOptions
        {
            Path = file,
            ParentPath = parent,
            BlockSizeInBytes = BlockSizeBytes,
            Overwrite = Force,
        };
        if (ShouldProcess($"'{parent}' -> '{file}'", $"Create a differencing disk on the parent{Replacing(file, Force)}"))
        {
            yield return new CommandWork(file, async token =>
            {
                BaseVhd disk = await DifferenceCreation.CreateAsync(options, token).ConfigureAwait(false);
                RememberWritten(file);
                PostObject(disk);
            });
        }
    }
}
