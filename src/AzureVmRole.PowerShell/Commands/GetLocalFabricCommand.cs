using System.Management.Automation;
using AzureVmRole.Engine.Compute.Local;
using AzureVmRole.PowerShell.Completion;
using AzureVmRole.PowerShell.Runtime;

namespace AzureVmRole.PowerShell.Commands;

/// <summary>Shows the fabric of this machine.</summary>
[Cmdlet(VerbsCommon.Get, "LocalFabric")]
[OutputType(typeof(LocalFabricState))]
public sealed class GetLocalFabricCommand : AsyncCommand
{
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FolderCompleter))]
    public string? HomePath { get; set; }

    private protected override IEnumerable<CommandWork> PrepareRecord()
    {
        string? home = HomePath is null ? null : ResolveLiteral(HomePath);
        yield return new CommandWork(home ?? "local fabric", async token => PostObject(await LocalFabrics.GetAsync(home, token).ConfigureAwait(false)));
    }
}
