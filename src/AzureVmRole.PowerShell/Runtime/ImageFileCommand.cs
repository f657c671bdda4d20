using System.Management.Automation;
using AzureVmRole.PowerShell.Completion;

namespace AzureVmRole.PowerShell.Runtime;

/// <summary>A command on images: files of this machine, or registered ones.</summary>
public abstract class ImageFileCommand : FabricCommand
{
    private protected const string PathSet = "Path";
    private protected const string LiteralPathSet = "LiteralPath";
    private protected const string ImageSet = "ImageName";
    private bool _pathIsPiped;

    [Parameter(ParameterSetName = PathSet, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(DiskFileCompleter))]
    public string[] Path { get; set; } = [];

    [Parameter(ParameterSetName = LiteralPathSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DiskFileCompleter))]
    public string[] LiteralPath { get; set; } = [];

    [Parameter(ParameterSetName = ImageSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(VMImageCompleter))]
    public string ImageName { get; set; } = "";

    [Parameter(ParameterSetName = ImageSet, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ResourceGroupCompleter))]
    public string? ResourceGroupName { get; set; }

    /// <summary>Sees whether the paths are on the command line: what comes down the pipeline is not bound yet.</summary>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _pathIsPiped = Path.Length == 0;
    }

    /// <summary>The work on one image, as <see cref="AsyncCommand.PrepareRecord"/>.</summary>
    /// <param name="file">The absolute path of the disk; null for a registered image.</param>
    /// <param name="imageName">The registered image; null for a file.</param>
    private protected abstract IEnumerable<CommandWork> PrepareImage(string? file, string? imageName);

    private protected sealed override IEnumerable<CommandWork> PrepareRecord() =>
        ParameterSetName == ImageSet ? PrepareImage(file: null, ImageName)
        : LiteralPath.Length > 0 ? LiteralPath.SelectMany(path => FindEach(() => [FindFile(path)])).SelectMany(file => PrepareImage(file, imageName: null))
        : Path.SelectMany(path => FindEach(() => FindFiles(path, _pathIsPiped))).SelectMany(file => PrepareImage(file, imageName: null));
}
