using System.Management.Automation;
using AzureVmRole.Engine.Compute.Local;
using AzureVmRole.PowerShell.Completion;
using AzureVmRole.PowerShell.Runtime;

namespace AzureVmRole.PowerShell.Commands;

/// <summary>Stops the fabric of this machine.</summary>
[Cmdlet(VerbsLifecycle.Stop, "LocalFabric", SupportsShouldProcess = true)]
[OutputType(typeof(LocalFabricState))]
public sealed class StopLocalFabricCommand : AsyncCommand
{
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FolderCompleter))]
    public string? HomePath { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override IEnumerable<CommandWork> PrepareRecord()
    {
        var options = new LocalFabricOptions { HomePath = HomePath is null ? null : ResolveLiteral(HomePath), Log = Log };
        string target = options.HomePath ?? "local fabric";
        if (ShouldProcess($"'{target}'", "Stop"))
        {
            yield return new CommandWork(target, async token =>
            {
                LocalFabricState stopped = await LocalFabrics.StopAsync(options, token).ConfigureAwait(false);
                if (PassThru)
                {
                    PostObject(stopped);
                }
            });
        }
    }
}
