using System.Management.Automation;
using AzureVmRole.Engine.Compute.Local;
using AzureVmRole.PowerShell.Completion;
using AzureVmRole.PowerShell.Runtime;

namespace AzureVmRole.PowerShell.Commands;

/// <summary>Starts the fabric of this machine.</summary>
[Cmdlet(VerbsLifecycle.Start, "LocalFabric", SupportsShouldProcess = true)]
[OutputType(typeof(LocalFabricState))]
public sealed class StartLocalFabricCommand : AsyncCommand
{
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FolderCompleter))]
    public string? HomePath { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Location { get; set; } = [];

    [Parameter]
    [ValidateRange(1, 65535)]
    public int? Port { get; set; }

    [Parameter]
    public FabricHostKind HostKind { get; set; }

    [Parameter]
    public TimeSpan? HeartbeatTimeout { get; set; }

    [Parameter]
    public TimeSpan? SimulatedLatency { get; set; }

    private protected override IEnumerable<CommandWork> PrepareRecord()
    {
        var options = new LocalFabricOptions
        {
            HomePath = HomePath is null ? null : ResolveLiteral(HomePath),
            Locations = Location,
            Port = Port,
            HostKind = HostKind,
            HeartbeatLimit = HeartbeatTimeout,
            SimulatedLatency = SimulatedLatency,
            Log = Log,
        };
        string target = options.HomePath ?? "local fabric";
        if (ShouldProcess($"'{target}'", "Start"))
        {
            yield return new CommandWork(target, async token => PostObject(await LocalFabrics.StartAsync(options, token).ConfigureAwait(false)));
        }
    }
}
