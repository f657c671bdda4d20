using System.Management.Automation;
using AzureVmRole.Engine.Images.Inspection;
using AzureVmRole.Engine.Images.Resizing;
using AzureVmRole.PowerShell.Completion;
using AzureVmRole.PowerShell.Runtime;

namespace AzureVmRole.PowerShell.Commands;

/// <summary>Makes the virtual size of a disk larger or smaller, in place.</summary>
[Cmdlet(VerbsCommon.Resize, "BaseVhd", DefaultParameterSetName = PathSet, SupportsShouldProcess = true)]
[OutputType(typeof(BaseVhd))]
public sealed class ResizeBaseVhdCommand : ManyDisksCommand
{
    private const string PathToMinimumSet = "PathToMinimumSize";
    private const string LiteralPathToMinimumSet = "LiteralPathToMinimumSize";

    [Parameter(
        ParameterSetName = PathSet,
        Mandatory = true,
        Position = 0,
        ValueFromPipeline = true,
        ValueFromPipelineByPropertyName = true)]
    [Parameter(
        ParameterSetName = PathToMinimumSet,
        Mandatory = true,
        Position = 0,
        ValueFromPipeline = true,
        ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(DiskFileCompleter))]
    public override string[] Path { get; set; } = [];

    [Parameter(ParameterSetName = LiteralPathSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = LiteralPathToMinimumSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DiskFileCompleter))]
    public override string[] LiteralPath { get; set; } = [];

    [Parameter(ParameterSetName = PathSet, Mandatory = true, Position = 1)]
    [Parameter(ParameterSetName = LiteralPathSet, Mandatory = true)]
    [Alias("Size", "SizeInBytes")]
    public ulong SizeBytes { get; set; }

    [Parameter(ParameterSetName = PathToMinimumSet, Mandatory = true)]
    [Parameter(ParameterSetName = LiteralPathToMinimumSet, Mandatory = true)]
    public SwitchParameter ToMinimumSize { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override IEnumerable<CommandWork> PrepareDisk(string file)
    {
        long? wanted = ToMinimumSize ? null : DiskSize.ToLength(SizeBytes, file);
        BaseVhd? disk = null;
        yield return new CommandWork(file, async token =>
            disk = await DiskInspection.InspectAsync(file, token).ConfigureAwait(false));
        if (disk is null || !ShouldProcess($"'{file}'", Describe(disk, wanted)))
        {
            yield break;
        }

        var options = new DiskResizeOptions { Path = file, SizeInBytes = wanted };
        yield return new CommandWork(file, async token =>
        {
            BaseVhd resized = await DiskResize.ResizeAsync(options, Progress, token).ConfigureAwait(false);
            if (PassThru)
            {
                PostObject(resized);
            }
        });
    }

    private static string Describe(BaseVhd disk, long? wanted)
    {
        string from = ByteSize.Format(disk.Size);
        long? to = wanted ?? disk.MinimumSize;
        return to is null
            ? $"Shrink from {from} to the smallest size that cuts no partition"
            : $"{(to < disk.Size ? "Shrink" : "Grow")} from {from} to {ByteSize.Format(to.Value)}";
    }
}
