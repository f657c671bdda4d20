using AzureVmRole.Engine.Compute.Connecting;
using AzureVmRole.Engine.Compute.Disks;

namespace AzureVmRole.PowerShell.Completion;

/// <summary>Completes the names of disks.</summary>
public sealed class VMDiskCompleter : FabricNameCompleter
{
    private protected override IAsyncEnumerable<string> NamesAsync(FabricConnection connection, FabricNameScope scope, CancellationToken cancellationToken) =>
        VMDisks.FindAsync(connection, scope.Query, cancellationToken).Select(found => found.DiskName);
}
