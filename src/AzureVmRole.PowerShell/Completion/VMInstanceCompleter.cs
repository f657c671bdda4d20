using AzureVmRole.Engine.Compute;
using AzureVmRole.Engine.Compute.Connecting;
using AzureVmRole.Engine.Compute.Instances;

namespace AzureVmRole.PowerShell.Completion;

/// <summary>Completes the names of instances.</summary>
public sealed class VMInstanceCompleter : FabricNameCompleter
{
    private protected override IAsyncEnumerable<string> NamesAsync(FabricConnection connection, ResourceQuery query, CancellationToken cancellationToken) =>
        VMInstances.FindAsync(connection, query, cancellationToken).Select(found => found.Name);
}
