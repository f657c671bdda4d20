using AzureVmRole.Engine.Compute.Connecting;
using AzureVmRole.Engine.Compute.Instances;

namespace AzureVmRole.PowerShell.Completion;

/// <summary>Completes the names of instances.</summary>
public sealed class VMInstanceCompleter : FabricNameCompleter
{
    private protected override IAsyncEnumerable<string> NamesAsync(FabricConnection connection, FabricNameScope scope, CancellationToken cancellationToken) =>
        VMInstances.FindAsync(connection, scope.Query, cancellationToken).Select(found => found.Name);
}
