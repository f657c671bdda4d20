using System.Management.Automation;
using AzureVmRole.Engine.Storage.Publishing;
using AzureVmRole.PowerShell.Completion;
using AzureVmRole.PowerShell.Runtime;

namespace AzureVmRole.PowerShell.Commands;

/// <summary>Uploads a disk of any readable format, or the top of a chain, as the fixed VHD that it stands for.</summary>
[Cmdlet(VerbsData.Publish, "BaseVhd", DefaultParameterSetName = PathSet, SupportsShouldProcess = true)]
[OutputType(typeof(PublishedVhd))]
public sealed class PublishBaseVhdCommand : StorageCommand
{
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";
    private bool _pathIsPiped;

    [Parameter(
        ParameterSetName = PathSet,
        Mandatory = true,
        Position = 0,
        ValueFromPipeline = true,
        ValueFromPipelineByPropertyName = true)]
    [Alias("LocalFilePath", "lf")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(DiskFileCompleter))]
    public string Path { get; set; } = "";

    [Parameter(ParameterSetName = LiteralPathSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DiskFileCompleter))]
    public string LiteralPath { get; set; } = "";

    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [Alias("dst", "MediaLocation")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(BlobCompleter))]
    public string Destination { get; set; } = "";

    [Parameter]
    [Alias("BaseImageUriToPatch", "bs")]
    [ValidateNotNullOrEmpty]
    [BlobAddress]
    [ArgumentCompleter(typeof(BlobCompleter))]
    public string? BaseImageUri { get; set; }

    [Parameter]
    [Alias("NumberOfUploaderThreads", "th")]
    [ValidateRange(1, 64)]
    public int? NumberOfThreads { get; set; }

    [Parameter]
    [Alias("o", "Force")]
    public SwitchParameter Overwrite { get; set; }

    [Parameter]
    public SwitchParameter SkipReadinessTest { get; set; }

    [Parameter]
    [ValidateSet(nameof(DiskGeneration.Gen1), nameof(DiskGeneration.Gen2))]
    public DiskGeneration? Generation { get; set; }

    [Parameter]
    public SwitchParameter DataDisk { get; set; }

    [Parameter]
    public SwitchParameter Verify { get; set; }

    [Parameter]
    public SwitchParameter ContentMD5 { get; set; }

    /// <summary>Sees whether the path is on the command line: what comes down the pipeline is not bound yet.</summary>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _pathIsPiped = Path.Length == 0;
    }

    private protected override IEnumerable<CommandWork> PrepareRecord()
    {
        string file = LiteralPath.Length > 0 ? FindFile(LiteralPath) : FindOneFile(Path, _pathIsPiped);
        var options = new PublishOptions
        {
            SourcePath = file,
            Destination = RequireNewBlob(AddressText.InContainer(Destination, System.IO.Path.GetFileNameWithoutExtension(file) + ".vhd")),
            BaseImage = BaseImageUri,
            Overwrite = Overwrite,
            SkipReadinessTest = SkipReadinessTest,
            Generation = Generation,
            IsDataDisk = DataDisk,
            Verify = Verify,
            SetContentMd5 = ContentMD5,
            Connection = Connect() with { NumberOfThreads = NumberOfThreads },
        };
        string action = (BaseImageUri is null ? "Upload disk" : $"Copy '{AddressText.Show(BaseImageUri)}' and upload what differs")
            + (Overwrite ? ", replacing a blob that is there" : "");
        if (ShouldProcess($"'{file}' -> '{AddressText.Show(options.Destination)}'", action))
        {
            yield return new CommandWork(file, async token =>
            {
                PublishedVhd published = await DiskPublication.PublishAsync(options, Progress, token).ConfigureAwait(false);
                RememberBlob(options.Destination);
                PostObject(published);
            });
        }
    }
}
