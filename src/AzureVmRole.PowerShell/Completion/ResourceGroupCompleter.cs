using AzureVmRole.Engine.Compute;
using AzureVmRole.Engine.Compute.Connecting;

namespace AzureVmRole.PowerShell.Completion;

/// <summary>Completes the names of resource groups.</summary>
public sealed class ResourceGroupCompleter : FabricNameCompleter
{
    private protected override IAsyncEnumerable<string> NamesAsync(FabricConnection connection, FabricNameScope scope, CancellationToken cancellationToken) =>
        FabricPlaces.GroupsAsync(connection, cancellationToken);
}
