using System.Management.Automation;
using AzureVmRole.PowerShell.Completion;

namespace AzureVmRole.PowerShell.Runtime;

/// <summary>A command on one disk that exists, or on each disk that comes down the pipeline.</summary>
public abstract class OneDiskCommand : AsyncCommand
{
    private protected const string PathSet = "Path";
    private protected const string LiteralPathSet = "LiteralPath";
    private bool _pathIsPiped;

    [Parameter(
        ParameterSetName = PathSet,
        Mandatory = true,
        Position = 0,
        ValueFromPipeline = true,
        ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(DiskFileCompleter))]
    public string Path { get; set; } = "";

    [Parameter(ParameterSetName = LiteralPathSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DiskFileCompleter))]
    public string LiteralPath { get; set; } = "";

    /// <summary>Sees whether the path is on the command line: what comes down the pipeline is not bound yet.</summary>
    protected override void BeginProcessing() => _pathIsPiped = Path.Length == 0;

    /// <summary>The work on the disk, as <see cref="AsyncCommand.PrepareRecord"/>.</summary>
    /// <param name="file">The absolute path of the disk.</param>
    private protected abstract IEnumerable<CommandWork> PrepareDisk(string file);

    private protected sealed override IEnumerable<CommandWork> PrepareRecord() =>
        PrepareDisk(LiteralPath.Length > 0 ? FindFile(LiteralPath) : FindOneFile(Path, _pathIsPiped));
}
