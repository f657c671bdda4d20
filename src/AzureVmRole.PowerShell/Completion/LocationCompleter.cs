using AzureVmRole.Engine.Compute;
using AzureVmRole.Engine.Compute.Connecting;

namespace AzureVmRole.PowerShell.Completion;

/// <summary>Completes the names of locations.</summary>
public sealed class LocationCompleter : FabricNameCompleter
{
    private protected override IAsyncEnumerable<string> NamesAsync(FabricConnection connection, FabricNameScope scope, CancellationToken cancellationToken) =>
        FabricPlaces.LocationsAsync(connection, cancellationToken);
}
