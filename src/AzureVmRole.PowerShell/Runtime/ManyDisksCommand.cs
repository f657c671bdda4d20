using System.Management.Automation;
using AzureVmRole.PowerShell.Completion;

namespace AzureVmRole.PowerShell.Runtime;

/// <summary>A command on any number of disks that exist.</summary>
public abstract class ManyDisksCommand : AsyncCommand
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
    public virtual string[] Path { get; set; } = [];

    [Parameter(ParameterSetName = LiteralPathSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DiskFileCompleter))]
    public virtual string[] LiteralPath { get; set; } = [];

    /// <summary>Sees whether the paths are on the command line: what comes down the pipeline is not bound yet.</summary>
    protected override void BeginProcessing() => _pathIsPiped = Path.Length == 0;

    /// <summary>The work on one disk, as <see cref="AsyncCommand.PrepareRecord"/>.</summary>
    /// <param name="file">The absolute path of the disk.</param>
    private protected abstract IEnumerable<CommandWork> PrepareDisk(string file);

    private protected sealed override IEnumerable<CommandWork> PrepareRecord() =>
        LiteralPath.Length > 0
            ? LiteralPath.SelectMany(path => FindEach(() => [FindFile(path)])).SelectMany(PrepareDisk)
            : Path.SelectMany(path => FindEach(() => FindFiles(path, _pathIsPiped))).SelectMany(PrepareDisk);
}
