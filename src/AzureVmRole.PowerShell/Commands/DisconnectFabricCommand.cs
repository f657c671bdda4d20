using System.Management.Automation;
using AzureVmRole.PowerShell.Runtime;

namespace AzureVmRole.PowerShell.Commands;

/// <summary>Ends the connection of this session.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "Fabric", SupportsShouldProcess = true)]
[OutputType(typeof(FabricConnectionState))]
public sealed class DisconnectFabricCommand : AsyncCommand
{
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override IEnumerable<CommandWork> PrepareRecord()
    {
        FabricSession session = FabricSession.Current;
        if (session.Connection is { } connection && ShouldProcess($"'{connection.State.Endpoint}'", "Disconnect"))
        {
            session.Replace(null);
            if (PassThru)
            {
                WriteObject(connection.State);
            }
        }

        return [];
    }
}
