using System.Management.Automation;
using AzureVmRole.Engine.Compute.Connecting;
using AzureVmRole.PowerShell.Completion;
using AzureVmRole.PowerShell.Runtime;

namespace AzureVmRole.PowerShell.Commands;

/// <summary>Connects this session to the local fabric or to Azure.</summary>
[Cmdlet(VerbsCommunications.Connect, "Fabric", DefaultParameterSetName = LocalSet, SupportsShouldProcess = true)]
[OutputType(typeof(FabricConnectionState))]
public sealed class ConnectFabricCommand : AsyncCommand
{
    private const string LocalSet = "Local";
    private const string AzureSet = "Azure";

    [Parameter(ParameterSetName = AzureSet, Mandatory = true)]
    public SwitchParameter Azure { get; set; }

    [Parameter(ParameterSetName = AzureSet, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public string SubscriptionId { get; set; } = "";

    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ResourceGroupCompleter))]
    public string ResourceGroupName { get; set; } = FabricConnection.DefaultGroupName;

    [Parameter(ParameterSetName = LocalSet)]
    [Parameter(ParameterSetName = AzureSet, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(LocationCompleter))]
    public string? Location { get; set; }

    [Parameter(ParameterSetName = AzureSet)]
    [ValidateNotNullOrEmpty]
    public string? StorageAccount { get; set; }

    [Parameter(ParameterSetName = AzureSet)]
    [ValidateNotNullOrEmpty]
    [SecretText]
    public string? AccessToken { get; set; }

    [Parameter(ParameterSetName = LocalSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FolderCompleter))]
    public string? HomePath { get; set; }

    private protected override IEnumerable<CommandWork> PrepareRecord()
    {
        FabricSession session = FabricSession.Current;
        string target = Azure ? SubscriptionId : "local fabric";
        string? home = HomePath is null ? null : ResolveLiteral(HomePath);
        if (!ShouldProcess($"'{target}'", "Connect"))
        {
            yield break;
        }

        yield return new CommandWork(target, async token =>
        {
            FabricConnection connection = Azure
                ? FabricConnection.ConnectAzure(new AzureConnectionOptions
                {
                    SubscriptionId = SubscriptionId,
                    ResourceGroupName = ResourceGroupName,
                    Location = Location ?? "",
                    StorageAccount = StorageAccount,
                    AccessToken = AccessToken,
                })
                : await FabricConnection.ConnectLocalAsync(home, ResourceGroupName, Location, token).ConfigureAwait(false);
            session.Replace(connection);
            PostObject(connection.State);
        });
    }
}
