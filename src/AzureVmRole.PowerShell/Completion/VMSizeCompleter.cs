using AzureVmRole.Engine.Compute;
using AzureVmRole.Engine.Compute.Connecting;

namespace AzureVmRole.PowerShell.Completion;

/// <summary>Completes the names of sizes.</summary>
public sealed class VMSizeCompleter : FabricNameCompleter
{
    private protected override IAsyncEnumerable<string> NamesAsync(FabricConnection connection, FabricNameScope scope, CancellationToken cancellationToken) =>
        FabricPlaces.SizesAsync(connection, scope.Location, cancellationToken);
}
