using AzureVmRole.Engine.Compute.Connecting;
using AzureVmRole.Engine.Compute.Images;

namespace AzureVmRole.PowerShell.Completion;

/// <summary>Completes the names of images.</summary>
public sealed class VMImageCompleter : FabricNameCompleter
{
    private protected override IAsyncEnumerable<string> NamesAsync(FabricConnection connection, FabricNameScope scope, CancellationToken cancellationToken) =>
        VMImages.FindAsync(connection, scope.Query, cancellationToken).Select(found => found.ImageName);
}
