using System.Management.Automation;
using AzureVmRole.PowerShell.Runtime;

namespace AzureVmRole.PowerShell.Commands;

/// <summary>Shows what this session is connected to.</summary>
[Cmdlet(VerbsCommon.Get, "FabricConnection")]
[OutputType(typeof(FabricConnectionState))]
public sealed class GetFabricConnectionCommand : AsyncCommand
{
    private protected override IEnumerable<CommandWork> PrepareRecord()
    {
        if (FabricSession.Current.Connection is { } connection)
        {
            WriteObject(connection.State);
        }

        return [];
    }
}
