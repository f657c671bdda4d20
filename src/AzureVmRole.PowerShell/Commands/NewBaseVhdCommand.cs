using System.Management.Automation;
using AzureVmRole.Engine.Images.Conversion;
using AzureVmRole.Engine.Images.Creation;
using AzureVmRole.PowerShell.Completion;
using AzureVmRole.PowerShell.Runtime;

namespace AzureVmRole.PowerShell.Commands;

/// <summary>Makes a disk: empty, or with the content of another disk of any readable format.</summary>
[Cmdlet(VerbsCommon.New, "BaseVhd", DefaultParameterSetName = EmptySet, SupportsShouldProcess = true)]
[OutputType(typeof(BaseVhd))]
public sealed class NewBaseVhdCommand : AsyncCommand
{
    private const string EmptySet = "Empty";
    private const string FromSourceSet = "FromSource";

    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DiskFileCompleter))]
    public string[] Path { get; set; } = [];

    [Parameter(ParameterSetName = EmptySet, Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = FromSourceSet)]
    [Alias("Size", "SizeInBytes")]
    public ulong? SizeBytes { get; set; }

    [Parameter(ParameterSetName = FromSourceSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(DiskFileCompleter))]
    public string SourcePath { get; set; } = "";

    [Parameter]
    public SwitchParameter Fixed { get; set; }

    [Parameter]
    public SwitchParameter Dynamic { get; set; }

    [Parameter]
    public uint? BlockSizeBytes { get; set; }

    [Parameter(ParameterSetName = EmptySet)]
    [ValidateSet("512", "4096")]
    public int LogicalSectorSizeBytes { get; set; } = 512;

    [Parameter]
    public SwitchParameter Force { get; set; }

    private VhdType Type => Dynamic ? VhdType.Dynamic : VhdType.Fixed;

    private protected override IEnumerable<CommandWork> PrepareRecord()
    {
        if (Fixed && Dynamic)
        {
            throw new DiskOperationException(
                ErrorCode.InvalidArgument,
                Path[0],
                "-Fixed and -Dynamic exclude each other, but both were given.",
                "Leave out one of them; a disk is fixed unless -Dynamic is given.");
        }

        return Path.SelectMany(ResolveTargetOrReport).SelectMany(file => SourcePath.Length > 0
            ? PrepareCopy(FindOneFile(SourcePath, preferLiteral: true), file)
            : PrepareEmpty(file));
    }

    private IEnumerable<CommandWork> PrepareEmpty(string file)
    {
        var options = new DiskCreationOptions
        {
            Path = file,
            SizeInBytes = DiskSize.ToLength(SizeBytes, file) ?? 0,
            Type = Type,
            BlockSizeInBytes = BlockSizeBytes,
            LogicalSectorSize = LogicalSectorSizeBytes,
            Overwrite = Force,
        };
        string action = $"Create an empty {DiskSize.Describe(Type)} disk of {ByteSize.Format(options.SizeInBytes)}";
        if (ShouldProcess($"'{file}'", action + Replacing(file, Force)))
        {
            yield return new CommandWork(file, async token =>
            {
                BaseVhd disk = await DiskCreation.CreateAsync(options, token).ConfigureAwait(false);
                RememberWritten(file);
                PostObject(disk);
            });
        }
    }

    private IEnumerable<CommandWork> PrepareCopy(string source, string file)
    {
        var options = new DiskConversionOptions
        {
            SourcePath = source,
            DestinationPath = file,
            Type = Type,
            BlockSizeInBytes = BlockSizeBytes,
            SizeInBytes = DiskSize.ToLength(SizeBytes, file),
            Overwrite = Force,
        };
        string action = $"Create a {DiskSize.Describe(Type)} disk from the source{Replacing(file, Force)}";
        if (ShouldProcess($"'{source}' -> '{file}'", action))
        {
            yield return new CommandWork(file, async token =>
            {
                BaseVhd disk = await DiskConversion.ConvertAsync(options, Progress, token).ConfigureAwait(false);
                RememberWritten(file);
                PostObject(disk);
            });
        }
    }
}
