using System.Management.Automation;
using AzureVmRole.Engine.Compute.Connecting;
using AzureVmRole.Engine.Images.Proving;
using AzureVmRole.PowerShell.Completion;
using AzureVmRole.PowerShell.Runtime;

namespace AzureVmRole.PowerShell.Commands;

/// <summary>Tells whether an image is fit for Azure: by rules, and by booting it.</summary>
[Cmdlet(VerbsDiagnostic.Test, "VMImage", DefaultParameterSetName = PathSet)]
[OutputType(typeof(VMImageProof), typeof(Job))]
public sealed class TestVMImageCommand : ImageFileCommand
{
    private readonly List<(ImageTestOptions Options, string? Group)> _collected = [];
    private readonly Dictionary<string, int> _names = new(StringComparer.OrdinalIgnoreCase);

    [Parameter]
    public SwitchParameter Boot { get; set; }

    [Parameter]
    [Alias("OS")]
    public OSKind? OSType { get; set; }

    [Parameter]
    [ValidateSet(nameof(DiskGeneration.Gen1), nameof(DiskGeneration.Gen2))]
    public DiskGeneration? Generation { get; set; }

    [Parameter]
    public DiskControllerType DiskControllerType { get; set; }

    [Parameter]
    [ValidateRange(0.1, 1440.0)]
    public double TimeoutMinutes { get; set; } = 20;

    [Parameter]
    [ValidateRange(128, 1 << 20)]
    public int MemoryInMB { get; set; } = 1024;

    [Parameter]
    [ValidateRange(1, 64)]
    public int ProcessorCount { get; set; } = 2;

    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FolderCompleter))]
    public string? OutputFolder { get; set; }

    [Parameter]
    [ValidateRange(1, 64)]
    public int ThrottleLimit { get; set; } = 1;

    [Parameter]
    public SwitchParameter AsJob { get; set; }

    private protected override bool IsForJob => AsJob;

    private protected override IEnumerable<CommandWork> PrepareImage(string? file, string? imageName)
    {
        ImageTestOptions options = Describe(file ?? "", imageName);
        string? group = ResourceGroupName;
        if (Boot && ThrottleLimit > 1)
        {
            _collected.Add((options, group));
            yield break;
        }

        yield return new CommandWork(imageName ?? options.Path, token => TestAsync(options, group, token));
    }

    private protected override IEnumerable<CommandWork> PrepareEnd()
    {
        if (_collected.Count > 0)
        {
            yield return new CommandWork("images", token => SideBySide.RunAsync(_collected, ThrottleLimit, (each, own) => TestAsync(each.Options, each.Group, own), PostError, token));
        }
    }

    private ImageTestOptions Describe(string file, string? imageName)
    {
        string? kept = OutputFolder is null ? null : System.IO.Path.Combine(ResolveLiteral(OutputFolder), ProofFiles.NameFor(imageName ?? System.IO.Path.GetFileName(file), _names));
        return new ImageTestOptions
        {
            Path = file,
            ImageName = imageName,
            OSType = OSType ?? OSKind.Linux,
            Generation = Generation,
            DiskControllerType = DiskControllerType,
            Boot = Boot,
            Timeout = TimeSpan.FromMinutes(TimeoutMinutes),
            MemoryInMB = MemoryInMB,
            ProcessorCount = ProcessorCount,
            ConsolePath = kept is null ? null : kept + ProofFiles.ConsoleEnding,
            ScreenPath = kept is null ? null : kept + ProofFiles.ScreenEnding,
            Log = Log,
        };
    }

    private async Task TestAsync(ImageTestOptions options, string? group, CancellationToken token)
    {
        if (options.ImageName is not null)
        {
            FabricConnection connection = await ConnectedAsync(token).ConfigureAwait(false);
            options = await RegisteredImage.FindAsync(connection, group, options, OSType, token).ConfigureAwait(false);
        }

        PostObject(await ImageTest.TestAsync(options, Progress, token).ConfigureAwait(false));
    }
}
